//! The posts table: one row for each post, with what it says only as sizes and references.
//!
//! Who sees a post does not live here.

use archplay_kernel::{Draws, minus_ln};

use crate::{PostId, User};

/// Of 41 + 22 bits of a public id, those below the milliseconds: machine and sequence of a Snowflake.
const SEQUENCE_BITS: u32 = 22;
const NS_PER_MS: u64 = 1_000_000;
const NONE: u32 = u32::MAX;

/// What a reference in a post leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// A picture in an object store.
    Photo,
    /// A film in an object store.
    Video,
    /// An address elsewhere; its preview's size.
    Link,
}

/// A reference to something that is not kept in the post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Media {
    /// What it is.
    pub kind: MediaKind,
    /// How big it is, in bytes.
    pub bytes: u32,
}

/// What somebody posts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// The text, in bytes.
    pub text_bytes: u32,
    /// Photos, videos and links; at most 255 are kept.
    pub media: Vec<Media>,
}

/// How big stories are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stories {
    /// Mean size of a text, in bytes (exponentially distributed); 1,000 is the fact sheet's 1 KB.
    pub text_bytes: f64,
    /// Share of posts with one photo or video (0 to 1); the fact sheet's 20 %.
    pub media_share: f64,
    /// Share of those that is a video (0 to 1); a choice of ours, 5 %.
    pub video_share: f64,
    /// Size of a photo or video, in bytes; the fact sheet's 500 kB.
    pub media_bytes: u32,
}

impl Default for Stories {
    fn default() -> Self {
        Self {
            text_bytes: 1_000.0,
            media_share: 0.2,
            video_share: 0.05,
            media_bytes: 500_000,
        }
    }
}

impl Stories {
    /// The story for a key; the same key gives the same story.
    #[must_use]
    pub fn sample_key(&self, key: u64) -> Story {
        let mut draws = Draws::new(key);
        let text_bytes = 1 + (self.text_bytes * minus_ln(draws.unit())) as u32;
        let mut media = Vec::new();
        if draws.unit() < self.media_share {
            let kind = if draws.unit() < self.video_share {
                MediaKind::Video
            } else {
                MediaKind::Photo
            };
            media.push(Media {
                kind,
                bytes: self.media_bytes,
            });
        }
        Story { text_bytes, media }
    }
}

#[derive(Clone, Copy, Debug)]
struct Row {
    created_ns: u64,
    public: u64,
    author: User,
    /// The author's post before this one, or [`NONE`].
    previous: u32,
    text_bytes: u32,
    media_from: u32,
    media_count: u8,
    deleted: bool,
}

/// All posts, oldest first, and each author's own list of them, newest first (the *outbox*).
#[derive(Clone, Debug)]
pub struct Posts {
    rows: Vec<Row>,
    media: Vec<Media>,
    /// Each user's newest post, or [`NONE`].
    newest: Box<[u32]>,
    deleted: u32,
}

impl Posts {
    /// An empty table for so many users.
    #[must_use]
    pub fn new(users: u32) -> Self {
        Self {
            rows: Vec::new(),
            media: Vec::new(),
            newest: vec![NONE; users as usize].into(),
            deleted: 0,
        }
    }

    /// Adds a row. A moment before the newest row's counts as that one's: ids never go back.
    pub(crate) fn insert(&mut self, author: User, now_ns: u64, story: &Story) -> Option<PostId> {
        let newest = self.newest.get_mut(author.0 as usize)?;
        let id = self.rows.len() as u32;
        let (created_ns, public) = match self.rows.last() {
            Some(last) => {
                let created = now_ns.max(last.created_ns);
                let first = (created / NS_PER_MS) << SEQUENCE_BITS;
                (created, first.max(last.public + 1))
            }
            None => (now_ns, (now_ns / NS_PER_MS) << SEQUENCE_BITS),
        };
        let media_count = story.media.len().min(usize::from(u8::MAX));
        self.rows.push(Row {
            created_ns,
            public,
            author,
            previous: *newest,
            text_bytes: story.text_bytes,
            media_from: self.media.len() as u32,
            media_count: media_count as u8,
            deleted: false,
        });
        self.media.extend_from_slice(&story.media[..media_count]);
        *newest = id;
        Some(PostId(id))
    }

    pub(crate) fn delete(&mut self, post: PostId) -> bool {
        match self.rows.get_mut(post.0 as usize) {
            Some(row) if !row.deleted => {
                row.deleted = true;
                self.deleted += 1;
                true
            }
            _ => false,
        }
    }

    fn row(&self, post: PostId) -> Option<&Row> {
        self.rows.get(post.0 as usize)
    }

    /// How many posts were ever made; also the id that the next one will have.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.rows.len() as u32
    }

    /// How many of them are deleted.
    #[must_use]
    pub const fn deleted(&self) -> u32 {
        self.deleted
    }

    /// Whether a post is there and not deleted.
    #[must_use]
    pub fn is_live(&self, post: PostId) -> bool {
        self.row(post).is_some_and(|row| !row.deleted)
    }

    /// Who made a post.
    #[must_use]
    pub fn author(&self, post: PostId) -> Option<User> {
        self.row(post).map(|row| row.author)
    }

    /// When a post was made, in nanoseconds.
    #[must_use]
    pub fn created_ns(&self, post: PostId) -> Option<u64> {
        self.row(post).map(|row| row.created_ns)
    }

    /// The id that is shown outside: 41 bits of milliseconds, then 22 of machine and sequence, as a
    /// Snowflake has them. Public ids are unique and in the order of the posts.
    #[must_use]
    pub fn public_id(&self, post: PostId) -> Option<u64> {
        self.row(post).map(|row| row.public)
    }

    /// The post with a public id.
    #[must_use]
    pub fn find(&self, public: u64) -> Option<PostId> {
        let at = self.rows.binary_search_by_key(&public, |row| row.public);
        at.ok().map(|at| PostId(at as u32))
    }

    /// The first post whose public id is not below this one; where the next post will be, if there is none.
    #[must_use]
    pub fn first_from(&self, public: u64) -> PostId {
        PostId(self.rows.partition_point(|row| row.public < public) as u32)
    }

    /// The size of a post's row as a database keeps it and a content cache holds it, in bytes: the text
    /// and 64 bytes of ids, times and references (a choice of ours).
    #[must_use]
    pub fn content_bytes(&self, post: PostId) -> u32 {
        let text = self.row(post).map(|row| row.text_bytes);
        text.map_or(0, |text| text.saturating_add(64))
    }

    /// What a post refers to.
    #[must_use]
    pub fn media(&self, post: PostId) -> &[Media] {
        let range = self.row(post).map(|row| {
            let from = row.media_from as usize;
            from..from + usize::from(row.media_count)
        });
        range.and_then(|range| self.media.get(range)).unwrap_or(&[])
    }

    /// An author's posts from before `before` on, newest first, deleted ones included.
    pub fn outbox(&self, author: User, before: PostId) -> impl Iterator<Item = PostId> {
        let newest = self.newest.get(author.0 as usize).copied();
        let first = newest.and_then(PostId::from_link);
        let all = std::iter::successors(first, |post| self.earlier(*post));
        all.skip_while(move |post| *post >= before)
    }

    /// The author's post before this one.
    pub(crate) fn earlier(&self, post: PostId) -> Option<PostId> {
        self.row(post)
            .and_then(|row| PostId::from_link(row.previous))
    }

    /// How many bytes the table takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.capacity() * size_of::<Row>()
            + self.media.capacity() * size_of::<Media>()
            + self.newest.len() * 4
    }
}

impl PostId {
    fn from_link(link: u32) -> Option<Self> {
        (link != NONE).then_some(Self(link))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_sorted_and_found() {
        let mut posts = Posts::new(2);
        // Three within a millisecond, one with a clock that stepped back.
        for now in [5_000_000, 5_000_001, 5_999_999, 4_000_000, 9_000_000] {
            posts.insert(User(1), now, &Story::default()).unwrap();
        }
        let public: Vec<u64> = (0..5).filter_map(|i| posts.public_id(PostId(i))).collect();
        assert_eq!(public[0], 5 << 22);
        assert_eq!(public[4], 9 << 22);
        assert!(public.is_sorted_by(|a, b| a < b));
        for (i, id) in public.iter().enumerate() {
            assert_eq!(posts.find(*id), Some(PostId(i as u32)));
        }
        assert_eq!(posts.find(1), None);
        assert_eq!(posts.first_from(0), PostId(0));
        assert_eq!(posts.first_from(public[3]), PostId(3));
        assert_eq!(posts.first_from(public[3] + 1), PostId(4));
        assert_eq!(posts.first_from(u64::MAX), PostId(5));
        assert_eq!(posts.created_ns(PostId(3)), Some(5_999_999));
        assert_eq!(posts.insert(User(2), 0, &Story::default()), None);
        let mine: Vec<u32> = posts
            .outbox(User(1), PostId(3))
            .map(|post| post.0)
            .collect();
        assert_eq!(mine, [2, 1, 0]);
        assert_eq!(posts.outbox(User(0), PostId(3)).count(), 0);
    }

    #[test]
    fn media_are_kept_by_reference() {
        let mut posts = Posts::new(1);
        let stories = Stories::default();
        let (mut texts, mut media) = (0.0, 0);
        for key in 0..20_000 {
            let story = stories.sample_key(key);
            let post = posts.insert(User(0), 0, &story).unwrap();
            assert_eq!(posts.media(post), story.media);
            texts += f64::from(story.text_bytes);
            media += story.media.len();
        }
        assert!((texts / 20_000.0 - 1_000.0).abs() < 30.0, "{texts}");
        assert!(media.abs_diff(4_000) < 250, "{media}");
        assert_eq!(posts.media(PostId(99_999)), &[]);
    }
}
