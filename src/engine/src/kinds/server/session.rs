//! Sessions: in the memory of the unit that made them, in a linked store, or with the visitor.
//!
//! A session is an entry under the visitor's number that is there or is not; what is in it is nobody's business.

use archplay_kernel::{KeyStore, NS_PER_SEC, Policy};
use archplay_report::Reason;

use super::Server;
use super::plan::Sessions;
use crate::core::Core;
use crate::plant::NodeId;

/// How long a session lives after its last use: 30 min, the default of Tomcat and of the Servlet
/// specification's examples.
const SESSION_NS: u64 = 1_800 * NS_PER_SEC;

fn table() -> Box<KeyStore> {
    Box::new(KeyStore::new(Policy::Ttl { sliding: true }, None))
}

impl Server {
    /// A visitor gets a session.
    pub(super) fn keep_session(
        &mut self,
        core: &mut Core,
        person: u64,
        unit: u32,
    ) -> Result<(), (Reason, NodeId)> {
        let now = core.now;
        match self.plan.sessions {
            Sessions::Token => {}
            Sessions::Memory => {
                if let Some(unit) = self.units.get_mut(unit as usize) {
                    let sessions = unit.sessions.get_or_insert_with(table);
                    sessions.insert(person, now, SESSION_NS);
                }
            }
            Sessions::Store { node, .. } => {
                if !core.boards[node as usize].up {
                    return Err((Reason::ConnectionLost, node));
                }
                let sessions = core.sessions[node as usize].get_or_insert_with(table);
                sessions.insert(person, now, SESSION_NS);
            }
        }
        Ok(())
    }

    /// A visitor who has a session comes again.
    pub(super) fn find_session(
        &mut self,
        core: &mut Core,
        person: u64,
        unit: u32,
    ) -> Result<(), (Reason, NodeId)> {
        let now = core.now;
        let (found, at) = match self.plan.sessions {
            Sessions::Token => (true, self.node),
            Sessions::Memory => {
                let unit = self.units.get_mut(unit as usize);
                let sessions = unit.and_then(|unit| unit.sessions.as_mut());
                let found = sessions.is_some_and(|sessions| sessions.get(person, now));
                (found, self.node)
            }
            Sessions::Store { node, forgets } => {
                if !core.boards[node as usize].up && !forgets {
                    return Err((Reason::ConnectionLost, node));
                }
                let sessions = core.sessions[node as usize].as_mut();
                let found = sessions.is_some_and(|sessions| sessions.get(person, now));
                (found, node)
            }
        };
        if found {
            Ok(())
        } else {
            Err((Reason::SessionLost, at))
        }
    }

    /// A store died: what it kept in memory only is lost.
    pub(super) fn store_of_sessions_died(&mut self, core: &mut Core, about: NodeId) {
        let forgets = matches!(
            self.plan.sessions,
            Sessions::Store {
                node,
                forgets: true
            } if node == about
        );
        if forgets && let Some(sessions) = &mut core.sessions[about as usize] {
            sessions.clear();
        }
    }
}
