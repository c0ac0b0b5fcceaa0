//! The store against a plain list.

use super::*;
use proptest::prelude::*;

fn message(number: u64, operation: u32, row: u64) -> Message {
    let mut message = Message::new(operation, number);
    (message.key, message.row) = (number, row);
    message
}

/// What a queue has to do, without any lists: (number, operation, row, whether it is taken).
#[derive(Default)]
struct Plain(Vec<(u64, u32, u64, bool)>);

impl Plain {
    /// Whether a message may be taken now in this order: nothing before it in its lane, nothing of it in
    /// hand besides `batch`.
    fn may(&self, order: Order, number: u64, batch: &[u64]) -> bool {
        let Some(me) = self.0.iter().find(|m| m.0 == number) else {
            return false;
        };
        let lane = |row: u64| match order {
            Order::Any => 0,
            Order::Partitions { count: n, .. } => {
                archplay_kernel::mix(row, 0x7061_7274) % u64::from(n)
            }
            Order::Keys => row,
        };
        let ordered = order != Order::Any;
        let apart = matches!(order, Order::Partitions { keys: true, .. } | Order::Keys);
        let beside = |m: &(u64, u32, u64, bool)| batch.contains(&m.0) && !(apart && m.2 == me.2);
        let mut rivals = self
            .0
            .iter()
            .filter(|m| m.1 == me.1 && lane(m.2) == lane(me.2));
        let held_up =
            ordered && rivals.any(|m| (m.3 || m.0 < number) && !beside(m) && m.0 != number);
        !me.3 && !held_up
    }
}

proptest! {
    /// Whatever happens, messages are given out in the order that was promised, none is lost, and none
    /// is in two hands.
    #[test]
    fn keeps_its_promise(
        which in 0_u8..4,
        ops in proptest::collection::vec((0_u8..5, 0_u64..4, 0_u32..2, 1_u32..4), 1..200),
    ) {
        let partitions = |keys| Order::Partitions { count: 3, keys };
        let order = [Order::Any, partitions(false), partitions(true), Order::Keys];
        let order = order[usize::from(which)];
        let (mut store, mut plain) = (Store::new(order, 2), Plain::default());
        let mut hands: Vec<u32> = Vec::new();
        for (now, (op, row, operation, most)) in (1_u64..).zip(ops) {
            match op {
                0 | 1 => {
                    store.add(message(now, operation, row + 1));
                    plain.0.push((now, operation, row + 1, false));
                }
                2 => {
                    let mut out = Vec::new();
                    let next = store.next_ns(operation as usize);
                    store.take(operation as usize, most, now, &mut out);
                    prop_assert_eq!(next.is_some(), !out.is_empty());
                    let mut batch: Vec<u64> = Vec::new();
                    for index in out {
                        let number = store.messages[index as usize].published_ns;
                        prop_assert!(plain.may(order, number, &batch), "{number} {:?}", plain.0);
                        batch.push(number);
                        hands.push(index);
                    }
                    for m in &mut plain.0 {
                        m.3 |= batch.contains(&m.0);
                    }
                }
                3 if !hands.is_empty() => {
                    // The oldest in hand becomes visible again.
                    let index = hands.remove(0);
                    let number = store.messages[index as usize].published_ns;
                    store.show_again(index);
                    for m in plain.0.iter_mut().filter(|m| m.0 == number) {
                        m.3 = false;
                    }
                }
                4 if !hands.is_empty() => {
                    // Any in hand is done.
                    let index = hands.remove(row as usize % hands.len());
                    let number = store.messages[index as usize].published_ns;
                    store.remove(index);
                    plain.0.retain(|m| m.0 != number);
                }
                _ => {}
            }
            let mut count = [0; 2];
            store.count(&mut count);
            prop_assert_eq!(store.len() as usize, plain.0.len());
            prop_assert_eq!((count[0] + count[1]) as usize, plain.0.len());
            prop_assert_eq!(store.visible as usize, plain.0.iter().filter(|m| !m.3).count());
            prop_assert_eq!(store.oldest_ns(), plain.0.iter().map(|m| m.0).min());
        }
        // All that nobody has in hand can be taken, one lane after the other.
        for index in hands {
            store.remove(index);
        }
        let mut out = Vec::new();
        for operation in [0, 1] {
            loop {
                out.clear();
                store.take(operation, 1, 0, &mut out);
                let Some(index) = out.first() else { break };
                store.remove(*index);
            }
        }
        prop_assert_eq!(store.len(), 0);
        prop_assert_eq!(store.visible, 0);
    }
}
