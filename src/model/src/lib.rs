//! Archplay documents: designs, scenarios, the catalogue of kinds, the checker and the file formats
