//! Archplay engine: compiles documents into a plant and runs it
