//! My drawings: the list of what the browser keeps.
