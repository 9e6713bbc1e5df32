//! The names of the demo's people and of what is counted by name, in English and in Russian. All people are invented.

/// Forty names.
pub(super) const AGENTS: [[&str; 2]; 40] = [
    ["Alice Barnes", "Анна Белова"],
    ["Ben Carter", "Борис Волков"],
    ["Clara Dunn", "Вера Громова"],
    ["Daniel Ellis", "Денис Ершов"],
    ["Emma Foster", "Елена Жукова"],
    ["Frank Gibson", "Фёдор Зимин"],
    ["Grace Hughes", "Галина Ильина"],
    ["Henry Irwin", "Григорий Климов"],
    ["Isla Jennings", "Ирина Лаптева"],
    ["Jack Keller", "Иван Макаров"],
    ["Kate Lawson", "Ксения Носова"],
    ["Liam Mercer", "Леонид Орлов"],
    ["Maya Norris", "Мария Панова"],
    ["Noah O'Brien", "Никита Рогов"],
    ["Olivia Parker", "Ольга Савина"],
    ["Peter Quinn", "Павел Титов"],
    ["Ruth Reeves", "Раиса Уварова"],
    ["Samuel Stone", "Семён Фомин"],
    ["Tara Turner", "Татьяна Хохлова"],
    ["Victor Usher", "Виктор Цветков"],
    ["Wendy Vance", "Юлия Чернова"],
    ["Adam Walsh", "Артём Шубин"],
    ["Beth Young", "Алла Щукина"],
    ["Colin Abbott", "Кирилл Юдин"],
    ["Diana Brooks", "Дарья Яшина"],
    ["Ethan Cole", "Егор Агеев"],
    ["Fiona Drake", "Жанна Быкова"],
    ["George Eaton", "Глеб Власов"],
    ["Hannah Frost", "Зоя Голубева"],
    ["Ian Grant", "Игорь Дёмин"],
    ["Julia Hart", "Инна Елисеева"],
    ["Kevin Ingram", "Константин Зуев"],
    ["Laura Jarvis", "Лариса Исаева"],
    ["Mark Knight", "Максим Котов"],
    ["Nina Lloyd", "Нина Лыткина"],
    ["Oscar Miles", "Олег Мухин"],
    ["Paula Nash", "Полина Никонова"],
    ["Ryan Owens", "Роман Осипов"],
    ["Stella Price", "Светлана Петухова"],
    ["Toby Rowe", "Тимур Рыбаков"],
];

/// Why an agent pauses, in the order of `activity::Pause`.
pub(super) const PAUSES: [[&str; 2]; 6] = [
    ["Lunch", "Обед"],
    ["Break", "Перерыв"],
    ["Training", "Обучение"],
    ["Meeting", "Совещание"],
    ["Written requests", "Письменные обращения"],
    ["No answer", "Не ответил"],
];

/// Bands of experience, each beginning with a figure so that they sort as they follow each other.
pub(super) const TENURES: [[&str; 2]; 4] = [
    ["1: under 3 months", "1: до 3 месяцев"],
    ["2: 3 to 12 months", "2: от 3 до 12 месяцев"],
    ["3: 1 to 3 years", "3: от 1 года до 3 лет"],
    ["4: over 3 years", "4: больше 3 лет"],
];

/// What the centre dials for, in the order of `dialer::CAMPAIGNS`.
pub(super) const CAMPAIGNS: [[&str; 2]; 2] = [["Renewals", "Продление"], ["Win-back", "Возврат клиентов"]];

/// What money goes into, in the order of `costs::of_day`.
pub(super) const COSTS: [[&str; 2]; 3] =
    [["Wages", "Зарплата"], ["Telephony", "Связь"], ["Premises and software", "Помещение и программы"]];
