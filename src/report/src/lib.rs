//! Archplay run reports: series, summaries, queries, export
