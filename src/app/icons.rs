//! The icons: one family on a 24 px grid with 2 px strokes, drawn for this product.
//!
//! Every icon is a list of path data, stroked with the text's colour. Must not live here: any other drawing.

use archplay_model::Kind;
use yew::prelude::*;

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident = $path:literal,)*) => {
        /// The name of an icon.
        #[allow(dead_code, reason = "the family is drawn as a whole; a room may need any of it")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum IconName { $($(#[$doc])* $name,)* }

        impl IconName {
            /// The path data, to be stroked 2 px wide without a fill on a 24 px grid.
            pub const fn path(self) -> &'static str {
                match self { $(Self::$name => $path,)* }
            }
        }
    };
}

icons! {
    /// Two visitors.
    Client = "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20v-1a6.5 5 0 0 1 13 0v1M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.4a6 5 0 0 1 3.5 4.6v1",
    /// A globe with an edge.
    Cdn = "M12 21a9 9 0 1 1 9-9M3.3 9.5h17.4M3.3 14.5H13M12 3c-5 5.5-5 12.5 0 18M12 3c2.3 2.5 3.5 5.5 3.7 8.5M18 15l-2.5 4h4l-2.5 4",
    /// One line that spreads into three.
    LoadBalancer = "M2.5 12H8M8 12l7-7h2.5M8 12h9.5M8 12l7 7h2.5M17.5 3v4M17.5 10v4M17.5 17v4M21 3v4M21 10v4M21 17v4",
    /// A rack of two units.
    Server = "M4 3.5h16a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1ZM4 13.5h16a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1ZM7 7h.01M11 7h6M7 17h.01M11 17h6",
    /// A cylinder.
    Database = "M12 9c4.4 0 8-1.3 8-3s-3.6-3-8-3-8 1.3-8 3 3.6 3 8 3ZM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3",
    /// Boxes that grow outwards.
    AutoScalingGroup = "M8.5 8.5h7v7h-7ZM3 8V4a1 1 0 0 1 1-1h4M16 3h4a1 1 0 0 1 1 1v4M21 16v4a1 1 0 0 1-1 1h-4M8 21H4a1 1 0 0 1-1-1v-4",
    /// A building.
    Zone = "M5 21V4a1 1 0 0 1 1-1h8a1 1 0 0 1 1 1v17M15 9h3a1 1 0 0 1 1 1v11M2.5 21h19M8.5 7h3M8.5 11h3M8.5 15h3",
    /// A pin on the map.
    Region = "M12 21c4.7-4.7 7-8.2 7-11a7 7 0 1 0-14 0c0 2.8 2.3 6.3 7 11ZM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    /// A signpost.
    Dns = "M12 3v18M8.5 21h7M12 4.5h6l2.5 2.5-2.5 2.5h-6M12 11.5H6L3.5 14 6 16.5h6",
    /// An hourglass.
    WaitingRoom = "M6 3h12M6 21h12M7.5 3v3.5C7.5 9 12 10.3 12 12s-4.5 3-4.5 5.5V21M16.5 3v3.5C16.5 9 12 10.3 12 12s4.5 3 4.5 5.5V21",
    /// A funnel with a drop.
    RateLimiter = "M3.5 3.5h17L14 11.5v4.5l-4 2v-6.5ZM12 21.5v.01",
    /// An arrow through a gate.
    ApiGateway = "M5 3v18M19 3v18M2.5 3h5M2.5 21h5M16.5 3h5M16.5 21h5M8.5 12h7M12.5 9l3 3-3 3",
    /// The sign of a function.
    Function = "M17 4.2c-3.2-.7-4.4.8-4.9 3.8l-1.7 9c-.5 2.6-1.7 3.7-4.4 3.1M7.5 10.5h8.5M4 3.5v.01M20 20.5v.01",
    /// A gear.
    Worker = "M12 18a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM12 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM12 2.5V6M12 18v3.5M2.5 12H6M18 12h3.5M5.3 5.3l2.5 2.5M16.2 16.2l2.5 2.5M18.7 5.3l-2.5 2.5M7.8 16.2l-2.5 2.5",
    /// The textbooks' picture of a queue: places in line, then a server.
    Station = "M2.5 8.5H13v7H2.5M9.5 8.5v7M6 8.5v7M17.3 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z",
    /// A shield with a check mark.
    Identity = "M12 3 4.5 6v5.5c0 4.5 3 7.8 7.5 9.5 4.5-1.7 7.5-5 7.5-9.5V6ZM8.5 12l2.5 2.5L15.5 10",
    /// A pipe with messages.
    Queue = "M18 6.5c-1.7 0-3 2.5-3 5.5s1.3 5.5 3 5.5 3-2.5 3-5.5-1.3-5.5-3-5.5ZM18 6.5H6c-1.7 0-3 2.5-3 5.5s1.3 5.5 3 5.5h12M7 12h.01M11 12h.01",
    /// A chip with a flash.
    Cache = "M7 5.5h10a1.5 1.5 0 0 1 1.5 1.5v10a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 17V7A1.5 1.5 0 0 1 7 5.5ZM9 2.5v3M15 2.5v3M9 18.5v3M15 18.5v3M2.5 9h3M2.5 15h3M18.5 9h3M18.5 15h3M12.7 8.5 10 12.3h4l-2.7 3.4",
    /// A table of two columns.
    KeyValue = "M4.5 4h15a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM3.5 9.3h17M3.5 14.7h17M9.5 4v16",
    /// Many lines become one.
    ConnectionProxy = "M2.5 4.5h4.2l5 5.5M2.5 12h8.2M2.5 19.5h4.2l5-5.5M13.7 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM16.7 12h4.8",
    /// A bucket.
    ObjectStore = "M12 9.5c4.7 0 8.5-1.3 8.5-3s-3.8-3-8.5-3-8.5 1.3-8.5 3 3.8 3 8.5 3ZM3.5 6.5 6 18.8c.3 1.2 2.8 2.2 6 2.2s5.7-1 6-2.2l2.5-12.3",
    /// Lines under a magnifying glass.
    SearchEngine = "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.3 15.3l5.2 5.2M7.8 9h5.4M7.8 12h3.4",
    /// Three points joined.
    GraphStore = "M12 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM5 20.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM19 20.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM10.8 7.2l-4.7 8.5M13.2 7.2l4.7 8.5M7.5 18h9",
    /// A numbered ticket.
    IdGenerator = "M3 6h18v4a2 2 0 0 0 0 4v4H3v-4a2 2 0 0 0 0-4ZM11 9l-1 6M14.5 9l-1 6M8.7 11h7M8.3 13.2h7",
    /// A QR code.
    Qr = "M4 4h5.5v5.5H4ZM14.5 4H20v5.5h-5.5ZM4 14.5h5.5V20H4ZM14.5 14.5h2v2M20 14.5v.01M14.5 20h.01M18 18.5h2V20M6.75 6.75v.01M17.25 6.75v.01M6.75 17.25v.01",
    /// A bell.
    Notification = "M12 3v1.5M6 16.5v-6a6 6 0 0 1 12 0v6l1.5 1.5h-15ZM10 21a2.2 2.2 0 0 0 4 0",
    /// A screen with a pulse.
    Monitor = "M3.5 4h17a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-17a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM6 11h3l2-3.5 2.5 6L15 11h3M12 17v4M8.5 21h7",
    /// Two arrows that change places.
    Controller = "M4 8h13M13.5 4.5 17 8l-3.5 3.5M20 16H7M10.5 12.5 7 16l3.5 3.5",
    /// A tower with a gate.
    Bastion = "M5.5 21V9.5L4 8V3.5h3.5v2h3v-2h3v2h3v-2H20V8l-1.5 1.5V21ZM9.5 21v-4.5a2.5 2.5 0 0 1 5 0V21",
    /// A frame around a small network.
    Subnet = "M4.5 3.5h15a1 1 0 0 1 1 1v15a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1v-15a1 1 0 0 1 1-1ZM12 7.5V12M7.5 16.5V12h9v4.5",
    /// Play.
    Play = "M7 4.5v15l12-7.5Z",
    /// Pause.
    Pause = "M8 5v14M16 5v14",
    /// One step on.
    Step = "M5 5v14l9-7ZM18.5 5v14",
    /// Stop.
    Stop = "M6.5 6.5h11v11h-11Z",
    /// Undo.
    Undo = "M8.5 5 4 9.5 8.5 14M4 9.5h10a5.5 5.5 0 0 1 0 11h-4",
    /// Redo.
    Redo = "M15.5 5 20 9.5 15.5 14M20 9.5H10a5.5 5.5 0 0 0 0 11h4",
    /// Plus.
    Plus = "M12 5v14M5 12h14",
    /// Minus.
    Minus = "M5 12h14",
    /// Fit all into view.
    Fit = "M4 9V5a1 1 0 0 1 1-1h4M15 4h4a1 1 0 0 1 1 1v4M20 15v4a1 1 0 0 1-1 1h-4M9 20H5a1 1 0 0 1-1-1v-4M9.5 9.5h5v5h-5Z",
    /// Search.
    Search = "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.3 15.3 20.5 20.5",
    /// Close.
    Close = "M6 6l12 12M18 6 6 18",
    /// Trash.
    Trash = "M4 7h16M9 7V4.5a1 1 0 0 1 1-1h4a1 1 0 0 1 1 1V7M6 7l.9 12.5a1 1 0 0 0 1 1h8.2a1 1 0 0 0 1-1L18 7M10 11v5.5M14 11v5.5",
    /// Down into a tray.
    Download = "M12 4v11M7.5 11 12 15.5 16.5 11M4 19.5h16",
    /// Up out of a tray.
    Upload = "M12 15.5v-11M7.5 9 12 4.5 16.5 9M4 19.5h16",
    /// Share.
    Share = "M18 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM6 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM18 21a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8.2 10.8l7.6-4.1M8.2 13.2l7.6 4.1",
    /// Sun.
    Sun = "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
    /// Moon.
    Moon = "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z",
    /// Globe.
    Globe = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3.5 9.5h17M3.5 14.5h17M12 3c-4.5 5-4.5 13 0 18M12 3c4.5 5 4.5 13 0 18",
    /// Half light, half dark: as the system has it.
    Contrast = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 3v18M12 7.5a4.5 4.5 0 0 1 0 9",
    /// Chevron up.
    ChevronUp = "M6 15l6-6 6 6",
    /// Chevron down.
    ChevronDown = "M6 9l6 6 6-6",
    /// Chevron left.
    ChevronLeft = "M15 6l-6 6 6 6",
    /// Chevron right.
    ChevronRight = "M9 6l6 6-6 6",
    /// A triangle with an exclamation mark.
    Warning = "M12 3.5 2.5 20h19ZM12 10v4.5M12 17.3v.01",
    /// A circle with an exclamation mark.
    Alert = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7.5V13M12 16.4v.01",
    /// Check mark.
    Check = "M4.5 12.5 10 18 19.5 6.5",
    /// Clock.
    Clock = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5.5l3.5 2",
    /// Question mark.
    Help = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.3 9.5a2.8 2.8 0 1 1 4.2 2.4c-1 .6-1.5 1.2-1.5 2.1M12 17v.01",
    /// Menu.
    Menu = "M4 6.5h16M4 12h16M4 17.5h16",
    /// Three dots.
    More = "M5.5 12h.01M12 12h.01M18.5 12h.01",
    /// Copy.
    Copy = "M9 8.5h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H9a1 1 0 0 1-1-1v-10a1 1 0 0 1 1-1ZM16 8.5v-4a1 1 0 0 0-1-1H5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h3",
    /// Pencil.
    Pencil = "M4 20l1-4.5L16.5 4 20 7.5 8.5 19ZM14 6.5 17.5 10",
    /// Chart.
    Chart = "M4 4v15a1 1 0 0 0 1 1h15M8 15l3.5-4.5 3 2.5L20 7",
    /// List.
    List = "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01",
    /// Open book.
    Book = "M12 6.5C10 5 7 4.5 3.5 4.5v14c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2v-14C17 4.5 14 5 12 6.5ZM12 6.5v14",
    /// Map.
    Map = "M3.5 6.5 9 4l6 2.5 5.5-2.5v13.5L15 20l-6-2.5-5.5 2.5ZM9 4v13.5M15 6.5V20",
    /// A screen on a stand.
    Present = "M3.5 4h17M4.5 4v10.5a1 1 0 0 0 1 1h13a1 1 0 0 0 1-1V4M12 15.5V20M8.5 20.5h7",
    /// A folder.
    Folder = "M3.5 18.5v-13a1 1 0 0 1 1-1H9l2.5 3h8a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1Z",
    /// Back to the start.
    Reset = "M4 5v5h5M4.5 10a8 8 0 1 1-.4 4",
    /// A link between two things.
    Link = "M3.5 8.5h5v7h-5ZM15.5 8.5h5v7h-5ZM8.5 12h7M13 9.8l2.3 2.2-2.3 2.2",
    /// A flag: a task, a target.
    Flag = "M5.5 21V4M5.5 4.5c4-2.5 7.5 2 13 0v9.5c-5.5 2-9-2.5-13 0",
    /// A light bulb: a hint.
    Bulb = "M9 17.5h6M10 21h4M9 17.5c0-2.5-3-4-3-7.5a6 6 0 1 1 12 0c0 3.5-3 5-3 7.5",
    /// An envelope with figures on its back.
    Envelope = "M3.5 5.5h17a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-17a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1ZM6 9.5h4M8 7.5v4M14 9.5h4M6 14.5h4M14 13.5h4M14 15.7h4",
    /// A mobile phone with a list.
    Phone = "M7.5 2.5h9a1.5 1.5 0 0 1 1.5 1.5v16a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 6 20V4a1.5 1.5 0 0 1 1.5-1.5ZM9 6.5h6M9 10h6M9 13.5h6M11.5 18h1",
    /// Something is down.
    Down = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8.5 8.5l7 7M15.5 8.5l-7 7",
}

impl IconName {
    /// The icon of a kind of component.
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Client => Self::Client,
            Kind::Cdn => Self::Cdn,
            Kind::LoadBalancer => Self::LoadBalancer,
            Kind::Server => Self::Server,
            Kind::Database => Self::Database,
            Kind::AutoScalingGroup => Self::AutoScalingGroup,
            Kind::Zone => Self::Zone,
            Kind::Region => Self::Region,
            Kind::Dns => Self::Dns,
            Kind::WaitingRoom => Self::WaitingRoom,
            Kind::RateLimiter => Self::RateLimiter,
            Kind::ApiGateway => Self::ApiGateway,
            Kind::Function => Self::Function,
            Kind::Worker => Self::Worker,
            Kind::Station => Self::Station,
            Kind::Identity => Self::Identity,
            Kind::Queue => Self::Queue,
            Kind::Cache => Self::Cache,
            Kind::KeyValue => Self::KeyValue,
            Kind::ConnectionProxy => Self::ConnectionProxy,
            Kind::ObjectStore => Self::ObjectStore,
            Kind::Search => Self::SearchEngine,
            Kind::GraphStore => Self::GraphStore,
            Kind::IdGenerator => Self::IdGenerator,
            Kind::Notification => Self::Notification,
            Kind::Monitor => Self::Monitor,
            Kind::Controller => Self::Controller,
            Kind::Bastion => Self::Bastion,
            Kind::Subnet => Self::Subnet,
        }
    }
}

/// An icon in the text's colour; decoration only, the name stands beside it or in a label.
#[derive(Properties, PartialEq)]
pub struct IconProps {
    /// Which.
    pub name: IconName,
    /// Its side in pixels.
    #[prop_or(20)]
    pub size: u32,
    /// Extra class.
    #[prop_or_default]
    pub class: Classes,
}

/// Draws an icon.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    let size = props.size.to_string();
    html! {
        <svg class={classes!("icon", props.class.clone())} viewBox="0 0 24 24" width={size.clone()} height={size}
            fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"
            aria-hidden="true" focusable="false">
            <path d={props.name.path()} />
        </svg>
    }
}
