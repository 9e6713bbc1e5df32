//! The names of the demo's people and pauses in both languages. All people are invented.

/// Forty names, in English and in Russian.
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

/// Why an agent pauses, in English and in Russian, in the order of `activity::Pause`.
pub(super) const PAUSES: [[&str; 2]; 4] =
    [["Lunch", "Обед"], ["Break", "Перерыв"], ["Training", "Обучение"], ["Meeting", "Совещание"]];
