//! Archplay lessons: tasks, targets, grading
