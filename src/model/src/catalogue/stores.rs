//! Parameters of servers and databases.

/// Application server.
pub mod server {
    use crate::catalogue::{NameDomain, ParamKind, ParamSpec, Unit};

    /// Processor cores, shared fairly between runnable requests.
    pub const VCPU: ParamSpec = ParamSpec::integer("vcpu", Unit::Count, (1, 256), 2);
    /// Main memory.
    pub const MEMORY_GIB: ParamSpec =
        ParamSpec::number("memory_gib", Unit::Gibibytes, (0.5, 4_096.0), 4.0);
    /// Worker threads: requests worked on at once; held also while waiting for the database.
    /// 200 is Tomcat's default.
    pub const WORKERS: ParamSpec = ParamSpec::integer("workers", Unit::Count, (1, 100_000), 200);
    /// Connections that wait for a worker; beyond them it refuses. 100 is Tomcat's `acceptCount`.
    pub const BACKLOG: ParamSpec = ParamSpec::integer("backlog", Unit::Count, (0, 1_000_000), 100);
    /// Network card.
    pub const NIC_GBPS: ParamSpec =
        ParamSpec::number("nic_gbps", Unit::GigabitsPerSecond, (0.01, 400.0), 1.0);
    /// CPU time for one static file that it has to send itself.
    pub const STATIC_CPU_MS: ParamSpec =
        ParamSpec::number("static_cpu_ms", Unit::Milliseconds, (0.0, 1_000.0), 1.5).more();
    /// Memory of a request while a worker has it.
    pub const REQUEST_MEMORY_MIB: ParamSpec =
        ParamSpec::number("request_memory_mib", Unit::Mebibytes, (0.0, 4_096.0), 4.0).more();
    /// Memory of a connection that waits.
    pub const CONNECTION_MEMORY_KIB: ParamSpec = ParamSpec::number(
        "connection_memory_kib",
        Unit::Kibibytes,
        (0.0, 65_536.0),
        32.0,
    )
    .more();
    /// Memory that the system and the idle application take.
    pub const BASE_MEMORY_MIB: ParamSpec = ParamSpec::number(
        "base_memory_mib",
        Unit::Mebibytes,
        (0.0, 1_048_576.0),
        1_024.0,
    )
    .more();
    /// Database connections that one instance keeps at most. 10 is HikariCP's default.
    pub const DB_POOL: ParamSpec = ParamSpec::integer("db_pool", Unit::Count, (1, 10_000), 10);
    /// How long a request waits for a connection from the pool. 30 s is HikariCP's default.
    pub const DB_POOL_TIMEOUT_SECS: ParamSpec =
        ParamSpec::number("db_pool_timeout_secs", Unit::Seconds, (0.1, 600.0), 30.0).more();
    /// How long it is away after it ran out of memory.
    pub const RESTART_SECS: ParamSpec =
        ParamSpec::number("restart_secs", Unit::Seconds, (1.0, 3_600.0), 60.0).more();
    /// Which operations it runs.
    pub const HANDLES: ParamSpec =
        ParamSpec::of("handles", ParamKind::Names(NameDomain::Operations));
    /// How it makes ids when no id generator is linked.
    pub const ID_SCHEME: ParamSpec = ParamSpec::choice(
        "id_scheme",
        &[
            "store",
            "timestamp_ms",
            "timestamp_ms_random",
            "uuid_v4",
            "uuid_v7",
            "snowflake",
        ],
    )
    .more();
    /// For `timestamp_ms_random`: how many random bits.
    pub const ID_RANDOM_BITS: ParamSpec =
        ParamSpec::integer("id_random_bits", Unit::Count, (0, 80), 20).more();
    /// Where sessions are kept: in the instance's memory, in a linked cache or store, or with the visitor.
    pub const SESSIONS: ParamSpec =
        ParamSpec::choice("sessions", &["memory", "store", "token"]).more();
    /// Disk.
    pub const DISK_GIB: ParamSpec =
        ParamSpec::number("disk_gib", Unit::Gibibytes, (1.0, 65_536.0), 50.0).more();
    /// What a request writes to the disk (logs).
    pub const LOG_KIB: ParamSpec =
        ParamSpec::number("log_kib", Unit::Kibibytes, (0.0, 102_400.0), 0.0).more();
    /// All of them, in order.
    pub const ALL: &[ParamSpec] = &[
        VCPU,
        MEMORY_GIB,
        WORKERS,
        BACKLOG,
        DB_POOL,
        NIC_GBPS,
        STATIC_CPU_MS,
        REQUEST_MEMORY_MIB,
        CONNECTION_MEMORY_KIB,
        BASE_MEMORY_MIB,
        DB_POOL_TIMEOUT_SECS,
        RESTART_SECS,
        ID_SCHEME,
        ID_RANDOM_BITS,
        SESSIONS,
        DISK_GIB,
        LOG_KIB,
        HANDLES.more(),
    ];
}

/// Relational database.
pub mod database {
    use crate::catalogue::{NameDomain, ParamKind, ParamSpec, Unit};

    /// Processor cores, shared fairly between running statements.
    pub const VCPU: ParamSpec = ParamSpec::integer("vcpu", Unit::Count, (1, 256), 4);
    /// Main memory; sets the connection limit when none is given.
    pub const MEMORY_GIB: ParamSpec =
        ParamSpec::number("memory_gib", Unit::Gibibytes, (0.5, 4_096.0), 16.0);
    /// Connections at once; 0 takes it from the memory: bytes / 12,582,880 (RDS for MySQL).
    pub const MAX_CONNECTIONS: ParamSpec =
        ParamSpec::integer("max_connections", Unit::Count, (0, 100_000), 0);
    /// CPU time of a statement that reads one row by its key.
    pub const READ_CPU_MS: ParamSpec =
        ParamSpec::number("read_cpu_ms", Unit::Milliseconds, (0.0, 10_000.0), 0.5).more();
    /// CPU time of a statement that writes one row.
    pub const WRITE_CPU_MS: ParamSpec =
        ParamSpec::number("write_cpu_ms", Unit::Milliseconds, (0.0, 10_000.0), 1.0).more();
    /// Time to make a write durable, without queueing at the disk.
    pub const COMMIT_MS: ParamSpec =
        ParamSpec::number("commit_ms", Unit::Milliseconds, (0.0, 10_000.0), 2.0).more();
    /// Which datasets it keeps.
    pub const HOLDS: ParamSpec = ParamSpec::of("holds", ParamKind::Names(NameDomain::Datasets));
    /// Memory of one open connection.
    pub const CONNECTION_MIB: ParamSpec =
        ParamSpec::number("connection_mib", Unit::Mebibytes, (0.0, 1_024.0), 3.2).more();
    /// Share of the memory that keeps pages, as far as the connections leave it.
    pub const BUFFER_POOL_PERCENT: ParamSpec =
        ParamSpec::number("buffer_pool_percent", Unit::Percent, (0.0, 95.0), 75.0).more();
    /// Page reads and writes a second that the disk can do.
    pub const IOPS: ParamSpec =
        ParamSpec::number("iops", Unit::PerSecond, (1.0, 1_000_000.0), 3_000.0);
    /// Time of one page read from the disk, without queueing.
    pub const DISK_READ_MS: ParamSpec =
        ParamSpec::number("disk_read_ms", Unit::Milliseconds, (0.0, 1_000.0), 1.0).more();
    /// Disk.
    pub const DISK_GIB: ParamSpec =
        ParamSpec::number("disk_gib", Unit::Gibibytes, (1.0, 1_048_576.0), 1_000.0).more();
    /// Declared indexes.
    pub const INDEXES: ParamSpec = ParamSpec::of("indexes", ParamKind::Indexes);
    /// CPU time of each row that a query looks at beyond the first.
    pub const ROW_CPU_US: ParamSpec =
        ParamSpec::number("row_cpu_us", Unit::Microseconds, (0.0, 100_000.0), 1.0).more();
    /// CPU time that each index adds to a write.
    pub const INDEX_CPU_MS: ParamSpec =
        ParamSpec::number("index_cpu_ms", Unit::Milliseconds, (0.0, 1_000.0), 0.1).more();
    /// How long a statement waits for a row that another transaction has locked. 50 s is InnoDB's default.
    pub const LOCK_TIMEOUT_SECS: ParamSpec =
        ParamSpec::number("lock_timeout_secs", Unit::Seconds, (0.0, 3_600.0), 50.0).more();
    /// For a replica (a database that another links to): whether the primary waits for it.
    pub const REPLICATION: ParamSpec =
        ParamSpec::choice("replication", &["asynchronous", "synchronous"]);
    /// For a replica: mean time to apply one write.
    pub const APPLY_MS: ParamSpec =
        ParamSpec::number("apply_ms", Unit::Milliseconds, (0.0, 10_000.0), 1.0).more();
    /// For a replica: how the time to apply varies.
    pub const APPLY: ParamSpec = ParamSpec::choice("apply", &["constant", "exponential"]).more();
    /// For a replica: whether it takes over by itself when its primary dies.
    pub const PROMOTION: ParamSpec = ParamSpec::choice("promotion", &["manual", "automatic"]);
    /// For a replica: how long that takes.
    pub const PROMOTION_SECS: ParamSpec =
        ParamSpec::number("promotion_secs", Unit::Seconds, (0.0, 3_600.0), 60.0).more();
    /// Whether a primary that comes back after another has taken over stays out.
    pub const FENCING: ParamSpec = ParamSpec::choice("fencing", &["yes", "no"]).more();
    /// How long it is away after it ran out of memory, or was ordered to start again.
    pub const RESTART_SECS: ParamSpec =
        ParamSpec::number("restart_secs", Unit::Seconds, (1.0, 3_600.0), 10.0).more();
    /// When several primaries write the same row: which write stays.
    pub const CONFLICT: ParamSpec = ParamSpec::choice(
        "conflict",
        &["last_write_wins", "first_write_wins", "error"],
    )
    .more();
    /// How the rows are spread over the databases that hold the same dataset.
    pub const SHARDING: ParamSpec = ParamSpec::choice(
        "sharding",
        &["none", "hash", "range", "modulo", "consistent"],
    );
    /// For a shard: how long after the start it joins the others; 0 from the beginning. Its rows move to it then.
    pub const JOINS_SECS: ParamSpec =
        ParamSpec::number("joins_secs", Unit::Seconds, (0.0, 86_400.0), 0.0).more();
    /// How unique ids come: the store's own counter, from 1 up.
    pub const AUTO_INCREMENT_STEP: ParamSpec =
        ParamSpec::integer("auto_increment_step", Unit::Count, (1, 1_000), 1).more();
    /// The first id of the store's own counter.
    pub const AUTO_INCREMENT_OFFSET: ParamSpec =
        ParamSpec::integer("auto_increment_offset", Unit::Count, (1, 1_000), 1).more();
    /// All of them, in order.
    pub const ALL: &[ParamSpec] = &[
        VCPU,
        MEMORY_GIB,
        MAX_CONNECTIONS,
        READ_CPU_MS,
        WRITE_CPU_MS,
        COMMIT_MS,
        INDEXES,
        IOPS,
        REPLICATION,
        PROMOTION,
        SHARDING,
        CONNECTION_MIB,
        BUFFER_POOL_PERCENT,
        DISK_READ_MS,
        DISK_GIB,
        ROW_CPU_US,
        INDEX_CPU_MS,
        LOCK_TIMEOUT_SECS,
        RESTART_SECS,
        APPLY_MS,
        APPLY,
        PROMOTION_SECS,
        FENCING,
        CONFLICT,
        AUTO_INCREMENT_STEP,
        AUTO_INCREMENT_OFFSET,
        JOINS_SECS,
        HOLDS.more(),
    ];
}
