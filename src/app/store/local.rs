//! Small settings in `localStorage`. A browser that keeps nothing (blocked, full, private) is no error:
//! the page then begins with its defaults.

/// Reads a setting.
pub fn get(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a setting; tells whether the browser did.
pub fn set(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// Forgets a setting.
pub fn remove(key: &str) {
    if let Some(storage) = storage() {
        // Nothing is lost when it cannot be removed.
        let _ = storage.remove_item(key);
    }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
