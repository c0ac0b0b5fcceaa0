//! Demands on the news feed as steps: instants at which the feed is looked at, and statements in between.

use archplay_model::catalogue::server;
use archplay_model::placement::{media_parts, parts_of};
use archplay_model::scenario::Demand;
use archplay_model::{Component, Id, Kind};

use super::Compiler;
use crate::plant::{Ask, AskId, FeedStep, NOBODY, NodeId, Program, Step};

impl Compiler<'_> {
    /// The steps of a demand on the feed.
    #[cold]
    #[inline(never)]
    pub(super) fn feed_steps(&self, node: NodeId, demand: &Demand, out: &mut Vec<Step>) {
        let parts = parts_of(demand, self.scenario.feed.as_ref());
        match (demand, parts.as_slice()) {
            (
                Demand::ReadFeed { page, cpu_us },
                [friendships, lists, outboxes, posts, rest @ ..],
            ) => {
                let page = *page;
                out.push(Step::Feed(FeedStep::BeginRead { page }));
                self.gather(node, friendships, out);
                out.push(Step::Feed(FeedStep::AskList));
                self.try_gather(node, lists, out);
                out.push(Step::Feed(FeedStep::AskOutboxes));
                self.gather(node, outboxes, out);
                let cpu_ns = cpu_us * 1e3;
                out.push(Step::Feed(FeedStep::MakePage { cpu_ns }));
                out.push(Step::Feed(FeedStep::AskMore { cpu_ns }));
                self.gather(node, outboxes, out);
                out.push(Step::Feed(FeedStep::AskPosts));
                self.gather(node, posts, out);
                if let [profiles, _] = rest {
                    out.push(Step::Feed(FeedStep::AskProfiles));
                    self.gather(node, profiles, out);
                }
                if let Some(rebuild) = rest.last() {
                    out.push(Step::Feed(FeedStep::Rebuild));
                    self.try_gather(node, rebuild, out);
                }
                out.push(Step::Feed(FeedStep::EndRead));
            }
            (Demand::FanOut { cpu_us }, [friendships, lists]) => {
                let begin = out.len();
                out.push(Step::NoRoute);
                self.gather(node, friendships, out);
                let cpu_ns = cpu_us * 1e3;
                out.push(Step::Feed(FeedStep::Divide { cpu_ns }));
                self.split_steps(node, out);
                let turn = out.len();
                out.push(Step::NoRoute);
                self.gather(node, lists, out);
                let back = (out.len() + 1 - turn) as u32;
                out.push(Step::Feed(FeedStep::Delivered { back }));
                // After a step the counter stands at the next one.
                let skip = (out.len() - turn - 1) as u32;
                out[turn] = Step::Feed(FeedStep::NextBatch { skip });
                out.push(Step::Feed(FeedStep::EndFanOut));
                let skip = (out.len() - begin - 1) as u32;
                out[begin] = Step::Feed(FeedStep::BeginFanOut { skip });
            }
            _ => out.push(Step::NoRoute),
        }
    }

    /// Whether a fan-out that is published is worked on at once, since there is no queue that could keep it.
    pub(super) fn fans_out_at_once(&self, node: NodeId, topic: &Id) -> bool {
        let fans = |demand: &Demand| matches!(demand, Demand::FanOut { .. });
        let topic = topic.clone();
        let operation = self.scenario.operation(&topic);
        // Somebody says so: who takes what nobody is named for would be a guess.
        let named = |c: &Component| {
            matches!(c.kind, Kind::Server | Kind::Function)
                && c.names(&server::HANDLES).contains(&topic)
        };
        self.scenario.feed.is_some()
            && super::queued::is_queued(self.scenario, &topic)
            && self.design.components.values().any(named)
            && operation.is_some_and(|o| self.scenario.leads_to(&o.demand, &fans))
            && self
                .asks
                .of(&Demand::Publish {
                    topic: topic.clone(),
                })
                .is_some_and(|ask| self.plant.route(node, ask) == NOBODY)
    }

    /// What would be published is done here, or by whom there is a way to, and waited for.
    #[cold]
    #[inline(never)]
    pub(super) fn at_once(&mut self, node: NodeId, topic: &Id, out: &mut Vec<Step>) {
        let operations = &self.scenario.operations;
        let Some(found) = operations.iter().position(|o| o.id == *topic) else {
            return out.push(Step::NoRoute);
        };
        let ask = self.asks.work[found];
        if self.placement.runs(node as usize, topic) {
            self.steps(node, &operations[found].demand, out);
        } else if self.plant.route(node, ask) != NOBODY {
            let route = self.plant.route(node, ask);
            out.push(Step::Ask { route, ask });
        } else {
            out.push(Step::NoRoute);
        }
    }

    /// Whoever fans out and has a way to a queue divides what is for followers into messages of its own topic.
    fn split_steps(&self, node: NodeId, out: &mut Vec<Step>) {
        let feed = self.scenario.feed.as_ref();
        if feed.is_none_or(|feed| feed.celebrities.is_empty()) {
            return;
        }
        let Some(topic) = self.working.clone() else {
            return;
        };
        let Some(ask) = self.asks.of(&Demand::Publish { topic }) else {
            return;
        };
        let route = self.plant.route(node, ask);
        if route != NOBODY {
            out.extend([
                Step::Feed(FeedStep::Split { skip: 2 }),
                Step::Ask { route, ask },
                Step::Feed(FeedStep::SplitOff { back: 3 }),
            ]);
        }
    }

    /// What a component does that media go through, for each operation that it runs: to the reader, a little CPU for
    /// each, from the store, out by the network card; from the author by the same card into the store.
    #[cold]
    #[inline(never)]
    pub(crate) fn media_programs(
        &mut self,
        component: &Component,
        node: NodeId,
    ) -> Vec<(AskId, Program)> {
        let Some([read, write]) = media_parts(self.scenario.feed.as_ref()) else {
            return Vec::new();
        };
        let cpu_ns = component.number(&server::STATIC_CPU_MS) * 1e6;
        let asks = self.plant.asks.clone();
        let mut out = Vec::new();
        for (id, ask) in (0..).zip(asks) {
            let Ask::Media {
                operation, upload, ..
            } = ask
            else {
                continue;
            };
            let operation = &self.scenario.operations[operation as usize].id;
            if !self.placement.runs(node as usize, operation) {
                continue;
            }
            let mut steps = vec![Step::Feed(FeedStep::BeginMedia { cpu_ns })];
            if upload {
                steps.push(Step::SendMedia { inside: true });
                self.gather(node, &write, &mut steps);
            } else {
                self.gather(node, &read, &mut steps);
                steps.push(Step::SendMedia { inside: false });
            }
            out.push((id, self.store(steps)));
        }
        out
    }

    /// A statement about the rows that the feed wants now.
    fn gather(&self, node: NodeId, part: &Demand, out: &mut Vec<Step>) {
        let ask = self.asks.of(part);
        let route = ask.map_or(NOBODY, |ask| self.plant.route(node, ask));
        let ask = ask.unwrap_or(0);
        out.extend([
            Step::Gather { route, ask },
            Step::Ask { route, ask },
            Step::Done,
        ]);
    }

    /// The same where the reading goes on without.
    fn try_gather(&self, node: NodeId, part: &Demand, out: &mut Vec<Step>) {
        let at = out.len();
        out.push(Step::NoRoute);
        self.gather(node, part, out);
        out.push(Step::EndTry {
            outer: NOBODY,
            in_transaction: false,
        });
        let until = out.len() as u32 - 1;
        out[at] = Step::Try { until };
    }
}
