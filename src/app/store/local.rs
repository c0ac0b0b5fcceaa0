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

/// All keys that begin with a prefix, in order.
pub fn keys(prefix: &str) -> Vec<String> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let count = storage.length().unwrap_or(0);
    let mut keys: Vec<String> = (0..count)
        .filter_map(|index| storage.key(index).ok().flatten())
        .filter(|key| key.starts_with(prefix))
        .collect();
    keys.sort();
    keys
}

/// The values of all keys that begin with a prefix.
pub fn values(prefix: &str) -> Vec<String> {
    keys(prefix).iter().filter_map(|key| get(key)).collect()
}

/// Whether the browser keeps anything at all.
pub fn works() -> bool {
    const PROBE: &str = "archplay/probe";
    let works = set(PROBE, "1");
    remove(PROBE);
    works
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
