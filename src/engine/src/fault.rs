//! Faults: what dies and what comes back.

use archplay_model::{Id, Place};
use archplay_report::{EventCode, Reason};

use crate::plant::FaultScope;
use crate::world::{State, World};

impl World {
    /// A fault of the scenario's list happens.
    pub(crate) fn fault(&mut self, index: u32) {
        let plan = self.plant.faults[index as usize].clone();
        match (&plan.scope, plan.kill) {
            (FaultScope::OneServer, true) => self.kill_one_server(),
            (FaultScope::OneServer, false) => self.set_scope(&|_, _| true, false),
            (FaultScope::Domain(id), kill) => {
                let id = id.clone();
                self.set_scope(&move |domains, _| domains.contains(&id), kill);
            }
            (FaultScope::Place(place), kill) => {
                let place = *place;
                self.set_scope(&move |_, at| at == place, kill);
            }
        }
    }

    /// The first instance of the first server that is up dies. Its place stays usable: a group may put a
    /// new instance there.
    fn kill_one_server(&mut self) {
        let first = (0..self.instances.len() as u32)
            .find(|i| self.instances[*i as usize].state == State::Up);
        if let Some(instance) = first {
            self.kill_instance(instance, false);
        }
    }

    fn kill_instance(&mut self, instance: u32, block: bool) {
        let server = self.plant.instances[instance as usize].server;
        let part = self.plant.servers[server as usize].part;
        let state = &mut self.instances[instance as usize];
        state.blocked |= block;
        let before = state.state;
        if before == State::Dead {
            return;
        }
        state.generation = state.generation.wrapping_add(1);
        state.state = if matches!(before, State::Off | State::Booting) {
            State::Off
        } else {
            State::Dead
        };
        if matches!(before, State::Up | State::Draining | State::Restarting) {
            self.log(EventCode::Killed, part, 1, 0);
            self.drop_inside(instance, Reason::ConnectionLost);
        }
        self.count_instances(server);
    }

    fn restore_instance(&mut self, instance: u32) {
        let server = self.plant.instances[instance as usize].server;
        let part = self.plant.servers[server as usize].part;
        let state = &mut self.instances[instance as usize];
        state.blocked = false;
        if state.state == State::Dead {
            state.state = State::Up;
            state.up_since = self.now;
            self.log(EventCode::Restored, part, 0, 1);
            self.count_instances(server);
        }
    }

    /// Kills or restores everything that the test picks by its boxes and its place.
    fn set_scope(&mut self, test: &dyn Fn(&[Id], Place) -> bool, kill: bool) {
        for i in 0..self.instances.len() {
            let plan = &self.plant.instances[i];
            let place = self.plant.servers[plan.server as usize].place;
            if test(&plan.domains, place) {
                if kill {
                    self.kill_instance(i as u32, true);
                } else {
                    self.restore_instance(i as u32);
                }
            }
        }
        for i in 0..self.stores.len() {
            let plan = &self.plant.stores[i];
            if !test(&plan.domains, plan.place) || self.stores[i].up != kill {
                continue;
            }
            let part = plan.part;
            if kill {
                self.log(EventCode::Killed, part, 1, 0);
                self.kill_store(i as u32);
            } else {
                self.stores[i].up = true;
                self.log(EventCode::Restored, part, 0, 1);
            }
        }
        for i in 0..self.balancers.len() {
            let hit = test(
                &self.plant.balancer_domains[i],
                self.plant.balancers[i].place,
            );
            if hit && self.balancers[i].alive == kill {
                self.balancers[i].alive = !kill;
                let part = self.plant.balancers[i].part;
                let code = if kill {
                    EventCode::Killed
                } else {
                    EventCode::Restored
                };
                self.log(code, part, u32::from(kill), u32::from(!kill));
            }
        }
    }
}
