//! Carries what was put aside on an earlier visit to the shelf.

use std::rc::Rc;

use archplay_model::format::read_design;

use super::keeper::{Keeper, Notice, new_id};
use super::record::free_name;
use super::rescue::{self, Pending};
use super::shelf::{SaveError, Shelf};

impl Keeper {
    /// Carries what was put aside on an earlier visit to the shelf.
    pub async fn recover(&self) {
        let shelf = self.shelf();
        for aside in rescue::take_all() {
            let id = aside.record.id.clone();
            match shelf.save(&aside.record, &aside.seen_ms).await {
                Ok(()) => rescue::forget(&id),
                Err(SaveError::Conflict) => {
                    let Ok((design, _)) = read_design(&aside.record.json) else {
                        continue;
                    };
                    let pending = Pending {
                        record: aside.record,
                        design: design.into(),
                        seen_ms: Vec::new(),
                    };
                    self.recover_copy(&shelf, pending, &id).await;
                }
                // Stays aside for the next visit.
                Err(_) => {}
            }
        }
    }

    async fn recover_copy(&self, shelf: &Shelf, mut pending: Pending, id: &str) {
        let taken = shelf.list().await.unwrap_or_default();
        let name = free_name(
            &pending.record.name,
            taken.iter().map(|record| record.name.as_str()),
        );
        pending.record.id = new_id();
        pending.record.name.clone_from(&name);
        Rc::make_mut(&mut pending.design).name.clone_from(&name);
        if shelf.save(&pending.written(), &[]).await.is_ok() {
            rescue::forget(id);
            self.tell(Notice::Recovered(name));
        }
    }
}
