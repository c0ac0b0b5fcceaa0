//! What is dropped or picked, files and folders, and what is in a folder.
//!
//! Must not live here: which of it is opened (the room's that asked for it).

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DataTransfer, ErrorCallback, File, FileSystemDirectoryEntry, FileSystemEntry,
    FileSystemFileEntry,
};

/// Something that came in.
#[derive(Clone, Debug)]
pub enum Incoming {
    /// A file, and its path within what came in.
    File(String, File),
    /// A file within a folder, not opened yet, and its path.
    Entry(String, FileSystemFileEntry),
    /// A folder and its path.
    Folder(String, FileSystemDirectoryEntry),
}

/// All that was dropped. To be asked at once: the browser forgets it after the event.
pub fn dropped(data: &DataTransfer) -> Vec<Incoming> {
    let items = data.items();
    (0..items.length())
        .filter_map(|i| items.get(i))
        .filter(|item| item.kind() == "file")
        .filter_map(|item| {
            // A browser that knows no folders hands over the file.
            let entry = item.webkit_get_as_entry().ok().flatten();
            match entry.filter(FileSystemEntry::is_directory) {
                Some(folder) => Some(Incoming::Folder(folder.name(), folder.unchecked_into())),
                None => {
                    let file = item.get_as_file().ok().flatten()?;
                    Some(Incoming::File(file.name(), file))
                }
            }
        })
        .collect()
}

/// Files that were picked, with their paths in the folder that was picked.
pub fn picked(files: Vec<File>) -> Vec<Incoming> {
    let incoming = files.into_iter().map(|file| {
        let path = Reflect::get(&file, &"webkitRelativePath".into()).ok();
        let path = path.and_then(|path| path.as_string());
        let path = path.filter(|path| !path.is_empty());
        Incoming::File(path.unwrap_or_else(|| file.name()), file)
    });
    incoming.collect()
}

/// What is in a folder, no more than `most`; `None` when the browser cannot read it.
pub async fn within(
    path: &str,
    folder: &FileSystemDirectoryEntry,
    most: usize,
) -> Option<Vec<Incoming>> {
    let reader = folder.create_reader();
    let mut found = Vec::new();
    // A browser hands over a part at a time, and nothing at the end.
    while found.len() < most {
        let part = asked(|done, failed| {
            if let Err(error) = reader.read_entries_with_callback_and_error_callback(done, failed) {
                let failed: &Function = failed.unchecked_ref();
                // Without an answer the folder would be waited for.
                let _ = failed.call1(&JsValue::NULL, &error);
            }
        });
        let part: Array = part.await?.dyn_into().ok()?;
        if part.length() == 0 {
            break;
        }
        found.extend(part.iter().map(|entry| {
            let entry: FileSystemEntry = entry.unchecked_into();
            let path = format!("{path}/{}", entry.name());
            if entry.is_directory() {
                Incoming::Folder(path, entry.unchecked_into())
            } else {
                Incoming::Entry(path, entry.unchecked_into())
            }
        }));
    }
    found.truncate(most);
    Some(found)
}

/// The file behind an entry; `None` when the browser cannot read it.
pub async fn file_of(entry: &FileSystemFileEntry) -> Option<File> {
    let file = asked(|done, failed| entry.file_with_callback_and_error_callback(done, failed));
    file.await?.dyn_into().ok()
}

/// Waits for what a browser answers by calling back.
async fn asked(ask: impl FnOnce(&Function, &ErrorCallback)) -> Option<JsValue> {
    let mut ask = Some(ask);
    let answer = Promise::new(&mut |done, failed| {
        if let Some(ask) = ask.take() {
            ask(&done, failed.unchecked_ref());
        }
    });
    JsFuture::from(answer).await.ok()
}
