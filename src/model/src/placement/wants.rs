//! What can be asked for, and what demands ask for. Who provides it must not live here.

use crate::Id;
use crate::scenario::{Consistency, Demand, Feed, FilterOp, Pick};

/// Something that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    /// The part of an operation that an application works on.
    Work(Id),
    /// Static files.
    Files,
    /// Rows of a dataset.
    Read {
        /// The dataset.
        dataset: Id,
        /// Whether a copy may answer.
        strong: bool,
        /// Whether it looks inside texts, which a search engine does best.
        search: bool,
    },
    /// A change of a dataset.
    Write(Id),
    /// An identifier.
    NextId(Id),
    /// Taking a message for whoever runs the operation.
    Publish(Id),
    /// The pictures and films of the page that an operation shows.
    Media {
        /// The operation.
        operation: Id,
        /// The dataset in which they lie.
        dataset: Id,
    },
    /// Taking the picture or film of the post that an operation makes.
    Upload {
        /// The operation.
        operation: Id,
        /// The dataset in which they lie.
        dataset: Id,
    },
    /// Who a visitor is.
    Authenticate,
    /// A message to a device.
    Notify,
}

/// The want of a demand for data, identifiers and services; `None` for what a server does itself.
#[must_use]
pub fn want_of(demand: &Demand) -> Option<Want> {
    Some(match demand {
        Demand::Read {
            dataset,
            filters,
            consistency,
            ..
        } => Want::Read {
            dataset: dataset.clone(),
            strong: *consistency == Consistency::Strong,
            search: filters.iter().any(|filter| filter.op == FilterOp::Contains),
        },
        Demand::Write { dataset, .. }
        | Demand::Insert { dataset, .. }
        | Demand::Reserve { dataset, .. } => Want::Write(dataset.clone()),
        Demand::NextId { dataset } => Want::NextId(dataset.clone()),
        Demand::Publish { topic } => Want::Publish(topic.clone()),
        Demand::Call { service } => Want::Work(service.clone()),
        Demand::Authenticate => Want::Authenticate,
        Demand::Notify => Want::Notify,
        Demand::Static { .. }
        | Demand::Compute { .. }
        | Demand::Login { .. }
        | Demand::Seq(_)
        | Demand::Par { .. }
        | Demand::Transaction(_)
        | Demand::Repeat { .. }
        | Demand::Optional(_)
        // These ask for several things; see [`parts_of`].
        | Demand::ReadFeed { .. }
        | Demand::FanOut { .. } => return None,
    })
}

/// The statements of which a demand on the feed consists, in the order in which they are asked. Empty for other
/// demands, and without a feed.
#[must_use]
pub fn parts_of(demand: &Demand, feed: Option<&Feed>) -> Vec<Demand> {
    let Some(feed) = feed else {
        return Vec::new();
    };
    match demand {
        Demand::ReadFeed { .. } => {
            let mut parts = vec![
                read(&feed.friendships),
                read(&feed.lists),
                read(&feed.outboxes),
                read(&feed.posts),
            ];
            parts.extend(feed.profiles.as_ref().map(read));
            parts.push(write(&feed.lists));
            parts
        }
        Demand::FanOut { .. } => vec![read(&feed.friendships), write(&feed.lists)],
        _ => Vec::new(),
    }
}

/// The statements by which media are read and stored where they lie; `None` without media.
#[must_use]
pub fn media_parts(feed: Option<&Feed>) -> Option<[Demand; 2]> {
    let dataset = feed?.media.as_ref()?;
    Some([read(dataset), write(dataset)])
}

fn read(dataset: &Id) -> Demand {
    Demand::Read {
        dataset: dataset.clone(),
        rows: 1,
        filters: Vec::new(),
        order_by: None,
        offset: 0,
        consistency: Consistency::Eventual,
        key: Pick::Fresh,
    }
}

fn write(dataset: &Id) -> Demand {
    Demand::Write {
        dataset: dataset.clone(),
        key: Pick::Fresh,
    }
}
