//! Files and folders on their way to the board: read one after the other, with limits, until somebody ends it.
//!
//! Must not live here: what is taken and where it ends (`archplay_course::class::intake`).

use std::rc::Rc;

use archplay_course::class::intake::{Intake, Look, MOST_SEEN, below};
use archplay_course::class::teams::natural;
use archplay_model::limits::MAX_FILE_BYTES;
use js_sys::Date;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::board::{Opened, Reading, Why};
use super::desk::Desk;
use crate::app::files::{Incoming, file_of, within};

/// How often the board is drawn anew while files come in, in milliseconds.
const SHOW_MS: f64 = 100.0;

/// Something that is still to be read.
pub struct Waiting {
    what: Incoming,
    /// In how many folders it is.
    depth: usize,
    /// Whether it was chosen by its name.
    meant: bool,
    /// Whether the folder around it holds all that came in, and so says nothing.
    alone: bool,
}

/// Puts what came in behind what waits. Tells whether nobody is reading yet.
pub fn put(desk: &Desk, incoming: Vec<Incoming>, meant: bool) -> bool {
    let alone = matches!(incoming.as_slice(), [Incoming::Folder(..)])
        || !meant && incoming.iter().all(|one| path_of(one).contains('/'));
    desk.queue
        .borrow_mut()
        .extend(incoming.into_iter().map(|what| Waiting {
            what,
            depth: 0,
            meant,
            alone,
        }));
    !desk.is_reading.replace(true)
}

/// Ends the reading: nothing that waits is read.
pub fn end(desk: &Desk) {
    desk.ended.set(desk.ended.get().wrapping_add(1));
    desk.queue.borrow_mut().clear();
}

/// Reads all that waits.
pub async fn read(desk: &Rc<Desk>) {
    let mut intake = Intake::default();
    let (mut done, mut shown) = (0, Date::now());
    let mut run = desk.ended.get();
    desk.quietly(|board| board.beside = 0);
    loop {
        let next = desk.queue.borrow_mut().pop_front();
        let Some(next) = next else { break };
        // Ended, and then begun anew.
        if run != desk.ended.get() {
            run = desk.ended.get();
            (intake, done) = (Intake::default(), 0);
        }
        let path = shown_path(&next);
        let refused = one(desk, next, &path, &mut intake).await;
        if run != desk.ended.get() {
            continue;
        }
        done += 1;
        let waiting = desk.queue.borrow().len();
        desk.quietly(|board| {
            board.beside = intake.beside();
            board.reading = Some(Reading { done, waiting });
        });
        if let Some(why) = refused {
            desk.quietly(|board| board.refuse(&path, why));
            end(desk);
        }
        if Date::now() - shown >= SHOW_MS {
            shown = Date::now();
            desk.tell();
        }
    }
    desk.is_reading.set(false);
    desk.change(|board| board.reading = None);
}

/// Reads one; tells why nothing after it is read, if so.
async fn one(desk: &Desk, waiting: Waiting, path: &str, intake: &mut Intake) -> Option<Why> {
    let run = desk.ended.get();
    let name = path.rsplit('/').next().unwrap_or(path);
    let look = match &waiting.what {
        Incoming::Folder(..) => intake.folder(name, waiting.depth),
        _ => intake.file(name, waiting.meant),
    };
    match look {
        Look::Open => {}
        Look::Pass => return None,
        Look::TooManySeen => return Some(Why::TooManySeen),
        Look::TooMuch => return Some(Why::TooMuch),
    }
    let file = match &waiting.what {
        Incoming::File(_, file) => Some(file.clone()),
        Incoming::Entry(_, entry) => file_of(entry).await,
        Incoming::Folder(own, folder) => {
            let found = within(own, folder, MOST_SEEN).await;
            if run != desk.ended.get() {
                return None;
            }
            let Some(mut found) = found else {
                desk.quietly(|board| board.refuse(path, Why::Unreadable));
                return None;
            };
            found.sort_by(|a, b| natural(path_of(a), path_of(b)));
            let mut queue = desk.queue.borrow_mut();
            for what in found.into_iter().rev() {
                queue.push_front(Waiting {
                    what,
                    depth: waiting.depth + 1,
                    meant: false,
                    alone: waiting.alone,
                });
            }
            return None;
        }
    };
    if desk.board().is_full() {
        return Some(Why::TooMany);
    }
    let opened = match file {
        Some(file) if intake.weigh(file.size() as u64) == Look::TooMuch => {
            return Some(Why::TooMuch);
        }
        Some(file) => open(&file).await,
        None => Err(Why::Unreadable),
    };
    if run == desk.ended.get() {
        desk.quietly(|board| board.take(path, opened));
    }
    None
}

fn path_of(incoming: &Incoming) -> &str {
    match incoming {
        Incoming::File(path, _) | Incoming::Entry(path, _) | Incoming::Folder(path, _) => path,
    }
}

fn shown_path(waiting: &Waiting) -> String {
    let path = path_of(&waiting.what);
    if waiting.alone {
        below(path).to_owned()
    } else {
        path.to_owned()
    }
}

async fn open(file: &File) -> Opened {
    if file.size() > MAX_FILE_BYTES as f64 {
        return Err(Why::TooBig(file.size()));
    }
    let text = JsFuture::from(file.text()).await.ok();
    text.and_then(|text| text.as_string())
        .ok_or(Why::Unreadable)
}
