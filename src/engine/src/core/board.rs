//! The board: what components let each other see. Everything else about a component is its own.

/// One unit (instance) of a component.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct UnitBoard {
    /// There at all, whatever its state: an administrator can try to log in.
    pub present: bool,
    /// Takes requests.
    pub up: bool,
    /// Requests waiting for a place to be worked on.
    pub waiting: u32,
    /// Since when it takes requests.
    pub since_ns: u64,
}

/// One component.
#[derive(Clone, Debug)]
pub(crate) struct Board {
    /// Not killed.
    pub up: bool,
    pub units: Vec<UnitBoard>,
    /// Connection slots: open, and how many there may be (databases and proxies).
    pub open: u64,
    pub slots: u64,
    /// Connections that the memory of a database bears; it is told of those opened beyond.
    pub bears: u64,
    /// Everything takes so many times as long: a fault.
    pub stretch: f64,
    /// Who answers in the place of this one since a failover; itself otherwise is `None`.
    pub replaced_by: Option<u32>,
    /// The version of the last write that a database has acknowledged.
    pub position: u64,
    /// Of a database that is a copy: whose.
    pub follows: Option<u32>,
    /// How far a replica or a copy is behind, in nanoseconds, as last seen.
    pub lag_ns: u64,
    /// Units that cost money now.
    pub paid: u32,
    /// Bytes sent to visitors, and bytes sent to another place.
    pub bytes_out: u64,
    pub bytes_far: u64,
    /// Share of requests of the last bucket that failed here, for monitors.
    pub failed_share: f64,
    /// Share of the rows it is to have as a shard that are there: 0 before it joins.
    pub share: f64,
    /// Places of a consumer of queues that are taken by batches, all its queues together.
    pub taken: u32,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            up: true,
            units: vec![UnitBoard {
                present: true,
                up: true,
                waiting: 0,
                since_ns: 0,
            }],
            open: 0,
            slots: u64::MAX,
            bears: u64::MAX,
            stretch: 1.0,
            replaced_by: None,
            position: 0,
            follows: None,
            lag_ns: 0,
            paid: 1,
            bytes_out: 0,
            bytes_far: 0,
            failed_share: 0.0,
            taken: 0,
            share: 1.0,
        }
    }
}

/// Something that those who are linked to a component are told at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// A unit is there. `trusted` units were there from the beginning.
    UnitUp {
        unit: u32,
        trusted: bool,
    },
    /// A unit takes no more requests, but finishes what it has.
    UnitGone {
        unit: u32,
    },
    /// The component died: connections to it are lost.
    Died,
    /// The component is back, empty.
    Restored,
    /// Somebody has opened a connection to a database that may not bear it.
    Opened,
    /// A transaction that ran over this connection has ended.
    TransactionEnded {
        /// The call that had it.
        owner: archplay_kernel::Handle,
        /// What it did stays; otherwise it is undone.
        commits: bool,
    },
    /// A database serves writes now in the place of another, of whose log it has so much.
    Promoted {
        from: u32,
        has: u64,
    },
    /// A database is a copy of this one from now on, and has applied everything up to this version.
    Follows {
        version: u64,
    },
    /// A database gets what it has missed from the one that tells it.
    HandOver,
    /// So many pages are read or written for rows that change their shard; told back when it is done.
    MovePages {
        count: u64,
    },
    PagesMoved,
    /// Rows that stayed behind because somebody held them follow, if nobody does any more.
    MoveLate,
    /// The rows whose turn it is change their shards, as the one that joins says.
    MoveRows,
    /// For a cache: its asker has fetched what was missing.
    Fill {
        dataset: u32,
        row: u64,
        version: u64,
    },
    /// For a cache: its asker has written the row to the store.
    Forget {
        dataset: u32,
        row: u64,
    },
    /// For a cache that keeps them: a row of the feed has changed in its store.
    Outdate {
        dataset: u32,
        row: u64,
    },
    /// For a queue: a consumer that takes from it has a place free.
    PlaceFree,
    /// A visitor has left for good, done or not; told to whoever watches over that visitor.
    VisitorLeft {
        person: u64,
    },
    /// Orders from a monitor or controller: another instance, promotion, names to the next target, a restart.
    ScaleOut {
        by: u32,
    },
    Promote,
    SwitchNames,
    Restart,
}
