//! Archplay editor, headless: commands, undo, selection, tools, snapping, routing
