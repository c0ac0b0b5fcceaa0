//! The messages of a queue: compact records in one vector, linked into lists. Who takes them and when does
//! not live here.

mod list;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};

use list::{List, insert, push_back, unlink};
pub(super) use list::{Message, State};

/// No message, no lane, no batch.
pub(super) const NONE: u32 = u32::MAX;

/// In which order messages are given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The oldest first, as many at once as there are takers.
    Any,
    /// In so many lanes by the hash of what they are about; of a lane one batch at a time, which with `keys` has no
    /// two about the same.
    Partitions { count: u32, keys: bool },
    /// A lane for each row or visitor, one message at a time.
    Keys,
}

/// Messages that must stay in order.
#[derive(Clone, Copy, Debug, Default)]
struct Lane {
    list: List,
    about: u64,
    /// Taken and not finished.
    taken: u32,
    /// Whether it stands in the line of lanes that have something to give.
    ready: bool,
}

/// The messages of one operation that nobody has in hand.
#[derive(Clone, Debug, Default)]
struct Topic {
    waits: List,
    again: List,
    lanes: Vec<Lane>,
    free_lanes: Vec<u32>,
    by_key: BTreeMap<u64, u32>,
    ready: VecDeque<u32>,
}

/// All messages that a queue holds.
#[derive(Clone, Debug)]
pub(super) struct Store {
    messages: Vec<Message>,
    free: Vec<u32>,
    topics: Vec<Topic>,
    order: Order,
    age: List,
    /// Taken messages in the order of taking.
    taken: List,
    /// What those are about that are taken together.
    batch: Vec<u64>,
    /// Messages that can be taken, or could if those before them in their lane were done.
    pub visible: u64,
}

impl Store {
    pub(super) fn new(order: Order, operations: usize) -> Self {
        Self {
            messages: Vec::new(),
            free: Vec::new(),
            topics: vec![Topic::default(); operations],
            order,
            age: List::default(),
            taken: List::default(),
            batch: Vec::new(),
            visible: 0,
        }
    }

    /// How many messages it holds, wherever they are.
    pub(super) const fn len(&self) -> u64 {
        self.age.len as u64
    }

    pub(super) fn get(&self, index: u32) -> Option<&Message> {
        self.messages.get(index as usize)
    }

    pub(super) fn get_mut(&mut self, index: u32) -> Option<&mut Message> {
        self.messages.get_mut(index as usize)
    }

    /// When the oldest message was published.
    pub(super) fn oldest_ns(&self) -> Option<u64> {
        self.get(self.age.head).map(|message| message.published_ns)
    }

    /// The message that was taken first of those still hidden.
    pub(super) fn first_taken(&self) -> Option<(u32, u64)> {
        let head = self.taken.head;
        self.get(head).map(|message| (head, message.taken_ns))
    }

    /// Takes a message in.
    pub(super) fn add(&mut self, message: Message) {
        let index = match self.free.pop() {
            Some(index) => {
                self.messages[index as usize] = message;
                index
            }
            None => {
                self.messages.push(message);
                self.messages.len() as u32 - 1
            }
        };
        let tail = self.age.tail;
        self.messages[index as usize].older = tail;
        match self.messages.get_mut(tail as usize) {
            Some(tail) => tail.newer = index,
            None => self.age.head = index,
        }
        self.age.tail = index;
        self.age.len += 1;
        self.visible += 1;
        let topic = message.operation as usize;
        if self.order == Order::Any {
            push_back(&mut self.messages, &mut self.topics[topic].waits, index);
            return;
        }
        let lane = self.lane_of(&message);
        self.messages[index as usize].lane = lane;
        let list = &mut self.topics[topic].lanes[lane as usize].list;
        push_back(&mut self.messages, list, index);
        self.topics[topic].stand(lane);
    }

    fn lane_of(&mut self, message: &Message) -> u32 {
        let topic = &mut self.topics[message.operation as usize];
        let about = message.about();
        if let Order::Partitions { count, .. } = self.order {
            if topic.lanes.is_empty() {
                topic.lanes = vec![Lane::default(); count as usize];
            }
            return (archplay_kernel::mix(about, 0x7061_7274) % u64::from(count)) as u32;
        }
        if let Some(lane) = topic.by_key.get(&about) {
            return *lane;
        }
        let fresh = Lane {
            about,
            ..Lane::default()
        };
        let lane = match topic.free_lanes.pop() {
            Some(lane) => {
                topic.lanes[lane as usize] = fresh;
                lane
            }
            None => {
                topic.lanes.push(fresh);
                topic.lanes.len() as u32 - 1
            }
        };
        topic.by_key.insert(about, lane);
        lane
    }

    /// When the message was published that would be taken next of an operation.
    pub(super) fn next_ns(&mut self, operation: usize) -> Option<u64> {
        let topic = &mut self.topics[operation];
        let head = if self.order == Order::Any {
            if topic.again.head == NONE {
                topic.waits.head
            } else {
                topic.again.head
            }
        } else {
            let lane = topic.next_lane()?;
            topic.lanes[lane as usize].list.head
        };
        self.get(head).map(|message| message.published_ns)
    }

    /// Takes up to `most` messages of an operation.
    pub(super) fn take(&mut self, operation: usize, most: u32, now: u64, out: &mut Vec<u32>) {
        while (out.len() as u32) < most {
            let topic = &mut self.topics[operation];
            match self.order {
                Order::Any => {
                    let list = if topic.again.head == NONE {
                        &mut topic.waits
                    } else {
                        &mut topic.again
                    };
                    let head = list.head;
                    if head == NONE {
                        break;
                    }
                    unlink(&mut self.messages, list, head);
                    self.hide(head, now);
                    out.push(head);
                }
                Order::Partitions { .. } | Order::Keys => {
                    let Some(lane) = topic.next_lane() else { break };
                    topic.ready.pop_front();
                    topic.lanes[lane as usize].ready = false;
                    self.batch.clear();
                    let one_each = self.order == Order::Keys;
                    let apart = matches!(self.order, Order::Partitions { keys: true, .. });
                    let most = if one_each { out.len() as u32 + 1 } else { most };
                    while (out.len() as u32) < most {
                        let head = self.topics[operation].lanes[lane as usize].list.head;
                        if head == NONE || apart && !self.fits(head) {
                            break;
                        }
                        let lane = &mut self.topics[operation].lanes[lane as usize];
                        lane.taken += 1;
                        unlink(&mut self.messages, &mut lane.list, head);
                        self.hide(head, now);
                        out.push(head);
                    }
                    if !one_each {
                        // A batch comes from one partition.
                        break;
                    }
                }
            }
        }
    }

    /// A message would be the next of its batch: whether there is none in it that is about the same.
    fn fits(&mut self, index: u32) -> bool {
        let about = self.messages[index as usize].about();
        let fits = !self.batch.contains(&about);
        self.batch.push(about);
        fits
    }

    fn hide(&mut self, index: u32, now: u64) {
        self.visible -= 1;
        let message = &mut self.messages[index as usize];
        message.state = State::Taken;
        message.taken_ns = now;
        message.receives += 1;
        message.failure = u8::MAX;
        push_back(&mut self.messages, &mut self.taken, index);
    }

    /// A hidden message can be taken again.
    pub(super) fn show_again(&mut self, index: u32) {
        unlink(&mut self.messages, &mut self.taken, index);
        self.visible += 1;
        let message = &mut self.messages[index as usize];
        message.state = State::Again;
        let (operation, number) = (message.operation as usize, message.lane);
        let published = message.published_ns;
        if self.order == Order::Any {
            return push_back(&mut self.messages, &mut self.topics[operation].again, index);
        }
        // Back to its place: before all that were published later. Only those of its own batch, which were
        // shown again before it, can stand before it.
        let lane = &mut self.topics[operation].lanes[number as usize];
        lane.taken -= 1;
        let mut before = lane.list.head;
        while self
            .messages
            .get(before as usize)
            .is_some_and(|m| m.published_ns <= published && m.state == State::Again)
        {
            before = self.messages[before as usize].next;
        }
        insert(&mut self.messages, &mut lane.list, index, before);
        self.topics[operation].stand(number);
    }

    /// A taken message leaves the hands of all: it is a dead letter.
    pub(super) fn give_up(&mut self, index: u32) {
        unlink(&mut self.messages, &mut self.taken, index);
        self.messages[index as usize].state = State::Moves;
        self.leave_lane(index);
    }

    /// Drops a message.
    pub(super) fn remove(&mut self, index: u32) {
        let message = self.messages[index as usize];
        let operation = message.operation as usize;
        match message.state {
            State::Moves => {}
            State::Taken => {
                unlink(&mut self.messages, &mut self.taken, index);
                self.leave_lane(index);
            }
            State::Waits | State::Again => {
                self.visible -= 1;
                let topic = &mut self.topics[operation];
                let list = match (self.order, message.state) {
                    (Order::Any, State::Again) => &mut topic.again,
                    (Order::Any, _) => &mut topic.waits,
                    _ => &mut topic.lanes[message.lane as usize].list,
                };
                unlink(&mut self.messages, list, index);
            }
        }
        let (older, newer) = (message.older, message.newer);
        match self.messages.get_mut(older as usize) {
            Some(other) => other.newer = newer,
            None => self.age.head = newer,
        }
        match self.messages.get_mut(newer as usize) {
            Some(other) => other.older = older,
            None => self.age.tail = older,
        }
        self.age.len -= 1;
        self.messages[index as usize].batch = NONE;
        self.free.push(index);
    }

    /// A message no longer holds up its lane.
    fn leave_lane(&mut self, index: u32) {
        if self.order == Order::Any {
            return;
        }
        let message = self.messages[index as usize];
        let topic = &mut self.topics[message.operation as usize];
        topic.lanes[message.lane as usize].taken -= 1;
        topic.stand(message.lane);
        if self.order == Order::Keys {
            topic.tidy(message.lane);
        }
    }

    /// Counts messages by operation; returns how many of them move to another queue.
    pub(super) fn count(&self, out: &mut [u64]) -> u64 {
        let (mut at, mut moving) = (self.age.head, 0);
        while let Some(message) = self.get(at) {
            out[message.operation as usize] += 1;
            moving += u64::from(message.state == State::Moves);
            at = message.newer;
        }
        moving
    }
}

impl Topic {
    /// A lane that has something to give and nothing in hand stands in line.
    fn stand(&mut self, number: u32) {
        let lane = &mut self.lanes[number as usize];
        if !lane.ready && lane.taken == 0 && lane.list.len > 0 {
            lane.ready = true;
            self.ready.push_back(number);
        }
    }

    /// The lane whose turn it is.
    fn next_lane(&mut self) -> Option<u32> {
        while let Some(number) = self.ready.front().copied() {
            let lane = &mut self.lanes[number as usize];
            if lane.list.len > 0 && lane.taken == 0 {
                return Some(number);
            }
            // A late answer has emptied it.
            lane.ready = false;
            self.ready.pop_front();
            self.tidy(number);
        }
        None
    }

    /// Forgets the lane of a key of which nothing is left.
    fn tidy(&mut self, number: u32) {
        let lane = self.lanes[number as usize];
        let idle = lane.list.len == 0 && lane.taken == 0 && !lane.ready;
        if idle && self.by_key.get(&lane.about) == Some(&number) {
            self.by_key.remove(&lane.about);
            self.free_lanes.push(number);
        }
    }
}
