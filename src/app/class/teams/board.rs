//! The teams' drawings and how far their grading is. Pure: what the worker says and what people do is handed in.

use std::rc::Rc;

use archplay_course::bundle::TaskBundle;
use archplay_course::class::teams::{MOST_FILES, Standing};
use archplay_course::{Task, Verdict};
use archplay_model::format::{LoadError, read_design};
use archplay_model::limits::MAX_FILE_BYTES;
use archplay_model::{Id, Problem};

use crate::app::run::GradeTold;

/// A task as it is graded here.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The lesson.
    pub lesson: Id,
    /// The lesson's session.
    pub session: u8,
    /// The task's position in the lesson.
    pub position: usize,
    /// What is graded.
    pub bundle: Rc<TaskBundle>,
}

impl Chosen {
    /// Whether it is the same task, in whichever language it came.
    fn is(&self, other: &Self) -> bool {
        self.lesson == other.lesson && self.bundle.task.id == other.bundle.task.id
    }
}

/// How far a drawing is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// Its turn has not come.
    Waiting,
    /// It is being graded: the share that is done, 0 to 1.
    Running(f64),
    /// Graded.
    Done(Standing),
    /// It cannot be run.
    Refused(Vec<Problem>),
    /// It came to nothing: the worker's own words.
    Failed(String),
    /// Somebody did not want to wait.
    Skipped,
}

/// A team's drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    /// Its number, in the order of arrival.
    pub id: u32,
    /// The file's name.
    pub file: String,
    /// What the drawing is called.
    pub drawing: String,
    /// Design JSON, as it came.
    pub json: Rc<str>,
    /// What was odd in the file and was mended.
    pub mended: Vec<Problem>,
    /// How far it is.
    pub stage: Stage,
    verdicts: Vec<(u64, Verdict)>,
}

impl Team {
    /// What it came to.
    pub fn standing(&self) -> Option<&Standing> {
        match &self.stage {
            Stage::Done(standing) => Some(standing),
            _ => None,
        }
    }
}

/// Why a file is not among the teams.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// It has more bytes than a drawing may have.
    TooBig(f64),
    /// The browser could not read it, or it is no text.
    Unreadable,
    /// It is no drawing of ours.
    Refused(LoadError),
    /// There are too many: this one and all after it.
    TooMany,
    /// All files together have too many bytes: this one and all after it.
    TooMuch,
    /// There is too much in the folders: what comes after this one was not looked at.
    TooManySeen,
}

/// A file that was not taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Bad {
    /// The file's name.
    pub file: String,
    /// Why.
    pub why: Why,
}

/// How far the reading of files is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// How many files and folders are done.
    pub done: usize,
    /// How many are known that are not.
    pub waiting: usize,
}

/// What came of opening a file: its text, or why there is none.
pub type Opened = Result<String, Why>;

/// What is to be graded next.
#[derive(Clone, Debug, PartialEq)]
pub struct Next {
    /// The number by which answers come back.
    pub run: u32,
    /// Design JSON.
    pub design: Rc<str>,
    /// The seed.
    pub seed: u64,
}

/// All of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// The task.
    pub chosen: Option<Chosen>,
    /// The seeds on which every drawing is graded.
    pub seeds: Vec<u64>,
    /// The drawings, as they came.
    pub teams: Vec<Team>,
    /// The files that were not taken.
    pub bad: Vec<Bad>,
    /// How many files were passed over because they are no drawings by their name.
    pub beside: usize,
    /// Files that are being read, if any are.
    pub reading: Option<Reading>,
    /// Whether it goes on by itself.
    pub going: bool,
    next_id: u32,
    /// The grading that goes on: its number and the team.
    run: u32,
    now: Option<u32>,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            chosen: None,
            seeds: vec![1],
            teams: Vec::new(),
            bad: Vec::new(),
            beside: 0,
            reading: None,
            going: false,
            next_id: 0,
            run: 0,
            now: None,
        }
    }
}

impl Board {
    /// Takes a file in. The same file with the same content is there once.
    pub fn take(&mut self, file: &str, opened: Opened) {
        let read = opened.and_then(|text| {
            if text.len() > MAX_FILE_BYTES {
                return Err(Why::TooBig(text.len() as f64));
            }
            if self.is_full() {
                return Err(Why::TooMany);
            }
            let (design, mended) = read_design(&text).map_err(Why::Refused)?;
            Ok((design.name, mended, text))
        });
        let (drawing, mended, json) = match read {
            Ok(read) => read,
            Err(why) => {
                self.refuse(file, why);
                return;
            }
        };
        if (self.teams.iter()).any(|team| team.file == file && *team.json == *json) {
            return;
        }
        self.next_id += 1;
        self.teams.push(Team {
            id: self.next_id,
            file: file.to_owned(),
            drawing,
            json: json.into(),
            mended,
            stage: Stage::Waiting,
            verdicts: Vec::new(),
        });
    }

    /// Notes a file that is not taken, once.
    pub fn refuse(&mut self, file: &str, why: Why) {
        let bad = Bad {
            file: file.to_owned(),
            why,
        };
        if !self.bad.contains(&bad) {
            self.bad.push(bad);
        }
    }

    /// Whether no more drawings are taken.
    pub fn is_full(&self) -> bool {
        self.teams.len() >= MOST_FILES
    }

    /// Chooses the task; results of another are of no use any more.
    pub fn choose(&mut self, chosen: Chosen) {
        if !self.chosen.as_ref().is_some_and(|now| now.is(&chosen)) {
            self.forget_results();
        }
        self.chosen = Some(chosen);
    }

    /// Sets the seeds; results on others are of no use any more.
    pub fn set_seeds(&mut self, seeds: Vec<u64>) {
        if self.seeds != seeds {
            self.forget_results();
            self.seeds = seeds;
        }
    }

    fn forget_results(&mut self) {
        self.stop();
        for team in &mut self.teams {
            team.stage = Stage::Waiting;
            team.verdicts.clear();
        }
    }

    /// Throws everything out but task and seeds.
    pub fn clear(&mut self) {
        self.stop();
        self.teams.clear();
        self.bad.clear();
        self.beside = 0;
    }

    /// Begins with all that is not graded yet, what was skipped or failed included.
    pub fn begin(&mut self) {
        self.going = self.chosen.is_some();
        for team in &mut self.teams {
            if matches!(team.stage, Stage::Failed(_) | Stage::Skipped) {
                team.stage = Stage::Waiting;
                team.verdicts.clear();
            }
        }
    }

    /// Ends it; what is graded stays.
    pub fn stop(&mut self) {
        self.going = false;
        if let Some(team) = self.current() {
            team.stage = Stage::Waiting;
            team.verdicts.clear();
        }
        self.now = None;
    }

    /// Leaves the drawing out that is being graded.
    pub fn skip(&mut self) {
        if let Some(team) = self.current() {
            team.stage = Stage::Skipped;
            team.verdicts.clear();
        }
        self.now = None;
    }

    fn current(&mut self) -> Option<&mut Team> {
        let id = self.now?;
        self.teams.iter_mut().find(|team| team.id == id)
    }

    /// What is to be graded next; ends by itself when there is nothing.
    pub fn next(&mut self) -> Option<Next> {
        if !self.going {
            return None;
        }
        let waits = |team: &&mut Team| matches!(team.stage, Stage::Waiting | Stage::Running(_));
        let Some(team) = self.teams.iter_mut().find(waits) else {
            self.going = false;
            self.now = None;
            return None;
        };
        let seed = self.seeds.get(team.verdicts.len()).copied()?;
        if team.stage == Stage::Waiting {
            team.stage = Stage::Running(0.0);
        }
        self.now = Some(team.id);
        self.run += 1;
        Some(Next {
            run: self.run,
            design: team.json.clone(),
            seed,
        })
    }

    /// Hears of the grading that goes on. Tells whether it is over, so that the next can begin.
    pub fn told(&mut self, run: Option<u32>, told: GradeTold) -> bool {
        let now = self.run;
        if run.is_some_and(|run| run != now) {
            return false;
        }
        let seeds = self.seeds.clone();
        let task: Option<Task> = (self.chosen.as_ref()).map(|chosen| chosen.bundle.task.clone());
        let (Some(team), Some(task)) = (self.current(), task) else {
            return false;
        };
        let (done, all) = (team.verdicts.len() as f64, seeds.len().max(1) as f64);
        match told {
            GradeTold::Share(share) => {
                team.stage = Stage::Running((done + share) / all);
                return false;
            }
            GradeTold::Done(verdict) => {
                let seed = seeds.get(team.verdicts.len()).copied().unwrap_or_default();
                team.verdicts.push((seed, verdict));
                if team.verdicts.len() >= seeds.len() {
                    team.stage = Stage::Done(Standing::of(&task, &team.verdicts));
                } else {
                    team.stage = Stage::Running((done + 1.0) / all);
                }
            }
            GradeTold::Refused(problems) => team.stage = Stage::Refused(problems),
            GradeTold::Failed(detail) => team.stage = Stage::Failed(detail),
        }
        true
    }

    /// How many are over, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        let over = |team: &&Team| !matches!(team.stage, Stage::Waiting | Stage::Running(_));
        (self.teams.iter().filter(over).count(), self.teams.len())
    }

    /// The team that is being graded.
    pub fn at(&self) -> Option<&Team> {
        let id = self.now?;
        self.teams.iter().find(|team| team.id == id)
    }
}

#[cfg(test)]
mod tests {
    use archplay_model::scenario::LocalText;

    use super::*;

    const SHOP: &str = r#"{"schema":"archplay/design/1","name":"가게","components":[],"links":[]}"#;

    fn id(text: &str) -> Id {
        Id::new(text).unwrap_or_else(|error| panic!("{error}"))
    }

    fn chosen(task: &str) -> Chosen {
        let title = LocalText {
            ko: task.into(),
            en: task.into(),
        };
        let task = Task {
            id: id(task),
            title,
            runs: Vec::new(),
            targets: Vec::new(),
        };
        Chosen {
            lesson: id("l"),
            session: 3,
            position: 0,
            bundle: Rc::new(TaskBundle {
                task,
                scenario: String::new(),
                start: String::new(),
            }),
        }
    }

    fn board(files: &[&str]) -> Board {
        let mut board = Board::default();
        board.choose(chosen("t"));
        for file in files {
            board.take(file, Ok(SHOP.to_owned()));
        }
        board
    }

    fn done(score: f64) -> GradeTold {
        GradeTold::Done(Verdict {
            score,
            ..Verdict::default()
        })
    }

    #[test]
    fn bad_files_are_listed_with_their_reason_and_good_ones_once() {
        let mut board = board(&["a.json", "b.json", "a.json"]);
        board.take("c.json", Ok("PNG".into()));
        board.take("c.json", Ok("PNG".into()));
        board.take("d.json", Err(Why::Unreadable));
        board.take("e.json", Ok(r#"{"schema":"archplay/design/9"}"#.into()));
        assert_eq!(board.teams.len(), 2);
        let codes: Vec<&str> = board
            .bad
            .iter()
            .map(|bad| match &bad.why {
                Why::Refused(error) => error.code,
                _ => "other",
            })
            .collect();
        assert_eq!(codes, ["not_json", "other", "future"]);
        for i in 0..MOST_FILES {
            board.take(&format!("{i}.json"), Ok(SHOP.to_owned()));
        }
        assert_eq!(board.teams.len(), MOST_FILES);
        assert_eq!(board.bad.last().map(|bad| &bad.why), Some(&Why::TooMany));
    }

    #[test]
    fn all_are_graded_in_turn_on_every_seed() {
        let mut board = board(&["a.json", "b.json"]);
        board.set_seeds(vec![7, 8]);
        assert_eq!(board.next(), None, "nobody has begun");
        board.begin();
        let first = board.next();
        assert_eq!(first.as_ref().map(|next| next.seed), Some(7));
        let run = first.map(|next| next.run);
        assert!(!board.told(run, GradeTold::Share(0.5)));
        assert_eq!(board.teams[0].stage, Stage::Running(0.25));
        assert!(board.told(run, done(1.0)));
        assert_eq!(board.next().map(|next| next.seed), Some(8));
        assert!(!board.told(run, done(0.0)), "an old answer is not heard");
        assert!(board.told(None, done(0.5)));
        assert_eq!(board.teams[0].standing().map(|s| s.score), Some(0.5));
        assert_eq!(board.progress(), (1, 2));
        assert!(board.next().is_some());
        assert_eq!(board.at().map(|team| team.file.as_str()), Some("b.json"));
        assert!(board.told(None, GradeTold::Refused(Vec::new())));
        assert!(board.next().is_none() && !board.going);
        assert_eq!(board.progress(), (2, 2));
    }

    #[test]
    fn a_failure_costs_one_drawing_and_stopping_costs_none() {
        let mut board = board(&["a.json", "b.json", "c.json"]);
        board.begin();
        assert!(board.next().is_some());
        assert!(board.told(None, GradeTold::Failed("x".into())));
        assert!(board.next().is_some());
        board.skip();
        assert_eq!(board.teams[1].stage, Stage::Skipped);
        assert!(board.next().is_some());
        board.stop();
        assert!(board.next().is_none());
        assert_eq!(board.teams[2].stage, Stage::Waiting);
        board.begin();
        assert_eq!(board.progress(), (0, 3), "what failed is tried again");
        assert!(board.next().is_some_and(|next| &*next.design == SHOP));
    }

    #[test]
    fn another_task_or_seed_begins_anew() {
        let mut board = board(&["a.json"]);
        board.begin();
        board.next();
        board.told(None, done(1.0));
        board.choose(chosen("t"));
        board.set_seeds(vec![1]);
        assert_eq!(board.progress(), (1, 1), "the same again changes nothing");
        board.set_seeds(vec![2]);
        assert_eq!(board.progress(), (0, 1));
        board.begin();
        board.next();
        board.choose(chosen("other"));
        assert!(!board.going && board.teams[0].stage == Stage::Waiting);
        assert!(!board.told(None, done(1.0)), "nothing goes on");
        board.clear();
        assert!(board.teams.is_empty() && board.chosen.is_some());
    }
}
