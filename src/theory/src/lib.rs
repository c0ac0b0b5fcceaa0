//! Closed forms of queueing theory, independent of the engine
