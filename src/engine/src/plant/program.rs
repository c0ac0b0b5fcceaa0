//! Programs: what an operation becomes where it is worked on, step by step.

use archplay_kernel::Sampler;

use super::{AskId, RouteId};

/// A range of [`super::Plant::steps`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Program {
    pub begin: u32,
    pub end: u32,
}

/// One step of a program.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// CPU time.
    Cpu(Sampler),
    /// Asks by a route and waits for the answer.
    Ask { route: RouteId, ask: AskId },
    /// The connection of the next statement is kept …
    Begin,
    /// … until here.
    End,
    /// Bytes out by the network card.
    Send { bytes: u64 },
    /// The bytes of the media that the call is about, out by the network card: to whoever asked, or `inside` to the
    /// store.
    SendMedia { inside: bool },
    /// Starts the branches, which follow one after the other as ranges ended by [`Step::Done`], and goes on
    /// after the last when `need` have succeeded. `after` is where it goes on.
    Fork {
        branches: u32,
        need: u32,
        after: u32,
    },
    /// The end of a branch.
    Done,
    /// If a step before `until` fails, the program goes on at `until` with a degraded answer.
    Try { until: u32 },
    /// The end of what [`Step::Try`] began. A later failure goes on at `outer`, the end of the `Try` around
    /// it, or fails the program or branch (`NOBODY`). A transaction that began inside ends here, unless the
    /// `Try` itself stands in a transaction.
    EndTry { outer: u32, in_transaction: bool },
    /// An instant at which the news feed is looked at or changed.
    Feed(FeedStep),
    /// If rows of the feed are wanted, the next step asks for them, once or in branches side by side; the step after
    /// that is [`Step::Done`].
    Gather { route: RouteId, ask: AskId },
    /// Draws an identifier by the server's own scheme.
    OwnId { dataset: u32 },
    /// Nobody can do it.
    NoRoute,
}

/// What happens to the news feed at a step. Between them stand the statements that take time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FeedStep {
    /// Begins to read a page; wants the reader's friendships.
    BeginRead {
        page: u32,
    },
    /// Wants the reader's feed list.
    AskList,
    /// Wants the own posts of the reader and of those who are not pushed, or of all if there is no list.
    AskOutboxes,
    /// Makes the page; costs so much for each row looked through.
    MakePage {
        cpu_ns: f64,
    },
    /// Wants the own posts of all friends, if the list ended within the page.
    AskMore {
        cpu_ns: f64,
    },
    /// Wants the posts on the page.
    AskPosts,
    /// Wants the profiles of their authors.
    AskProfiles,
    /// Wants to write the list anew, if it was not found.
    Rebuild,
    EndRead,
    /// Begins to pass on media: those that whoever asked wants; costs so much for each.
    BeginMedia {
        cpu_ns: f64,
    },
    /// Begins a fan-out; wants the author's friendships. If nothing is pushed, skips so many steps.
    BeginFanOut {
        skip: u32,
    },
    /// Looks up who gets the post; costs so much for each.
    Divide {
        cpu_ns: f64,
    },
    /// The next step publishes a part of a fan-out to followers as a message of its own; after the last, and for
    /// others, skips so many steps.
    Split {
        skip: u32,
    },
    /// It is published; goes back so many steps.
    SplitOff {
        back: u32,
    },
    /// Wants to write the next lists; after the last skips so many steps.
    NextBatch {
        skip: u32,
    },
    /// They are written; goes back so many steps.
    Delivered {
        back: u32,
    },
    EndFanOut,
}
