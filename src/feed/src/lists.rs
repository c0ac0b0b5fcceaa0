//! Feed lists: for each user the newest posts that were delivered, ids only, capped.
//!
//! Who delivers, and when, does not live here; nor does what a reader may see of a list.

use crate::{PostId, User};

/// What became of an id that was to be put into a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is in now.
    Written,
    /// It was in already.
    Already,
    /// It is older than what the list is for.
    Below,
    /// The list is lost, and nobody has rebuilt it.
    Lost,
}

/// All users' feed lists. Lists take memory when they are written to, and grow by quarters.
///
/// Each list has a *floor*: from this id on it has everything that was delivered; older posts were cut off
/// by the cap, or never were in, and have to be looked up elsewhere. A lost list is one with an infinite
/// floor. The floor is what keeps a capped, lost or half filled list from passing for a complete one.
#[derive(Clone, Debug)]
pub struct FeedLists {
    cap: usize,
    /// Oldest first.
    lists: Box<[Vec<PostId>]>,
    floors: Box<[PostId]>,
    entries: u64,
}

/// The floor of a list that is lost.
pub(crate) const LOST: PostId = PostId(u32::MAX);

impl FeedLists {
    /// Empty lists for so many users, each with room for `cap` ids (at least 1).
    #[must_use]
    pub fn new(users: u32, cap: u32) -> Self {
        Self {
            cap: cap.max(1) as usize,
            lists: vec![Vec::new(); users as usize].into(),
            floors: vec![PostId(0); users as usize].into(),
            entries: 0,
        }
    }

    /// How many ids a list has room for.
    #[must_use]
    pub const fn cap(&self) -> usize {
        self.cap
    }

    /// How many ids all lists hold together.
    #[must_use]
    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// The ids of a list, oldest first.
    #[must_use]
    pub fn of(&self, user: User) -> &[PostId] {
        self.lists.get(user.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// The oldest id from which on a list has everything that was delivered.
    #[must_use]
    pub fn floor(&self, user: User) -> PostId {
        self.floors.get(user.0 as usize).copied().unwrap_or(LOST)
    }

    /// Whether a list is lost.
    #[must_use]
    pub fn is_lost(&self, user: User) -> bool {
        self.floor(user) == LOST
    }

    pub(crate) fn put(&mut self, user: User, post: PostId) -> Put {
        let at = user.0 as usize;
        let (Some(list), Some(floor)) = (self.lists.get_mut(at), self.floors.get_mut(at)) else {
            return Put::Lost;
        };
        if *floor == LOST {
            return Put::Lost;
        }
        if post < *floor {
            return Put::Below;
        }
        // Nearly always the newest; late ones are found near the end.
        let place = match list.last() {
            Some(last) if *last >= post => match list.binary_search(&post) {
                Ok(_) => return Put::Already,
                Err(place) => place,
            },
            _ => list.len(),
        };
        if list.len() >= self.cap {
            if place == 0 {
                *floor = PostId(post.0 + 1);
                return Put::Below;
            }
            *floor = PostId(list[0].0 + 1);
            list.copy_within(1..place, 0);
            list[place - 1] = post;
            return Put::Written;
        }
        if list.len() == list.capacity() {
            let more = (list.len() / 4).max(4).min(self.cap - list.len());
            list.reserve_exact(more);
        }
        list.insert(place, post);
        self.entries += 1;
        Put::Written
    }

    /// Loses a list: it is empty, and what is delivered to it goes nowhere until it is rebuilt.
    pub(crate) fn lose(&mut self, user: User) {
        self.set(user, Vec::new(), LOST);
    }

    /// Empties a list that is not lost and lets it begin at `floor`.
    pub(crate) fn begin_at(&mut self, user: User, floor: PostId) {
        if !self.is_lost(user) {
            self.set(user, Vec::new(), floor);
        }
    }

    /// Replaces a list, oldest first, and its floor.
    pub(crate) fn set(&mut self, user: User, list: Vec<PostId>, floor: PostId) {
        let at = user.0 as usize;
        if let (Some(old), Some(old_floor)) = (self.lists.get_mut(at), self.floors.get_mut(at)) {
            self.entries -= old.len() as u64;
            self.entries += list.len() as u64;
            *old = list;
            *old_floor = floor;
        }
    }

    /// How many bytes the lists take, spare room included, with 16 for the allocator's own of each.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let used = self.lists.iter().filter(|list| list.capacity() > 0);
        let lists: usize = used.map(|list| list.capacity() * 4 + 16).sum();
        lists + self.lists.len() * size_of::<Vec<PostId>>() + self.floors.len() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put_all(ids: &[u32]) -> (FeedLists, Vec<Put>) {
        let mut lists = FeedLists::new(2, 3);
        let puts = ids.iter().map(|id| lists.put(User(1), PostId(*id)));
        let puts = puts.collect();
        (lists, puts)
    }

    fn check(ids: &[u32], list: &[u32], floor: u32) {
        let (lists, _) = put_all(ids);
        let is: Vec<u32> = lists.of(User(1)).iter().map(|post| post.0).collect();
        assert_eq!(is, list, "{ids:?}");
        assert_eq!(lists.floor(User(1)), PostId(floor), "{ids:?}");
        assert_eq!(lists.entries(), list.len() as u64);
        assert_eq!(lists.of(User(0)), &[]);
    }

    #[test]
    fn order_cap_and_floor() {
        check(&[], &[], 0);
        check(&[4, 2, 9], &[2, 4, 9], 0);
        check(&[4, 2, 9, 4], &[2, 4, 9], 0);
        check(&[4, 2, 9, 10], &[4, 9, 10], 3);
        check(&[4, 2, 9, 5], &[4, 5, 9], 3);
        check(&[4, 2, 9, 3], &[3, 4, 9], 3);
        check(&[4, 2, 9, 1], &[2, 4, 9], 2);
        check(&[4, 2, 9, 10, 3], &[4, 9, 10], 4);
        check(&[4, 2, 9, 10, 2], &[4, 9, 10], 3);
    }

    #[test]
    fn a_lost_list_takes_nothing() {
        let (mut lists, _) = put_all(&[1, 2]);
        lists.lose(User(1));
        assert!(lists.is_lost(User(1)));
        assert_eq!(lists.put(User(1), PostId(3)), Put::Lost);
        assert_eq!(lists.put(User(7), PostId(3)), Put::Lost);
        lists.begin_at(User(1), PostId(0));
        assert!(lists.is_lost(User(1)));
        lists.set(User(1), vec![PostId(1)], PostId(1));
        assert_eq!(lists.put(User(1), PostId(0)), Put::Below);
        assert_eq!(lists.put(User(1), PostId(1)), Put::Already);
        assert_eq!(lists.put(User(1), PostId(3)), Put::Written);
        assert_eq!(lists.entries(), 2);
    }
}
