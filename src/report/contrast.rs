//! Whether text can be read on a ground: contrast ratios by WCAG 2.1, and colours moved until they can be read.

use super::charts::Color;

/// The contrast running text needs, after WCAG 2.1 AA.
pub(super) const READABLE: f64 = 4.5;
/// The contrast lines and marks need, after WCAG 2.1 AA.
pub(super) const VISIBLE: f64 = 3.0;

/// White paper.
pub(super) const WHITE: Color = Color::hex(0xff_ff_ff);
const BLACK: Color = Color::hex(0);

/// The contrast ratio of two colours, 1 to 21.
pub(super) fn contrast(one: Color, other: Color) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The colour when it can be read on white, else the other one. A house may have a light brand colour.
pub(super) fn readable(color: Color, otherwise: Color) -> Color {
    if contrast(color, WHITE) >= READABLE { color } else { otherwise }
}

/// The colour with as little white or black in it as gives it this contrast on every one of the grounds; with the most
/// contrast on the worst ground when nothing does.
pub(super) fn moved(color: Color, grounds: &[Color], least: f64) -> Color {
    let worst = |color: Color| grounds.iter().map(|ground| contrast(color, *ground)).fold(21.0, f64::min);
    let steps = (0..=20_u32).map(|step| f64::from(step) / 20.0);
    let tried: Vec<Color> = steps.flat_map(|share| [color.mix(WHITE, share), color.mix(BLACK, share)]).collect();
    let good = tried.iter().copied().find(|color| worst(*color) >= least);
    good.or_else(|| tried.iter().copied().max_by(|one, other| worst(*one).total_cmp(&worst(*other)))).unwrap_or(color)
}

/// The colour of the same hue that is as light as this one is dark, and the other way round (lightness of HSL).
pub(super) fn turned(color: Color) -> Color {
    let [red, green, blue] = [color.red, color.green, color.blue];
    // Lightness is the mean of the greatest and the least channel; both, and with them all, move by twice its distance
    // from the middle, which leaves hue and saturation as they are.
    let shift = 255 - i32::from(red.max(green).max(blue)) - i32::from(red.min(green).min(blue));
    let channel = |value: u8| u8::try_from((i32::from(value) + shift).clamp(0, 255)).unwrap_or(value);
    Color { red: channel(red), green: channel(green), blue: channel(blue) }
}

/// Relative luminance, 0 to 1.
fn luminance(color: Color) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(color.red) + 0.7152 * channel(color.green) + 0.0722 * channel(color.blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_those_of_the_standard() {
        let check = |one: u32, other: u32, expected: f64| {
            let found = contrast(Color::hex(one), Color::hex(other));
            assert!((found - expected).abs() < 0.005, "{one:06x} on {other:06x}: {found}");
        };
        check(0, 0xff_ff_ff, 21.0);
        check(0x77_77_77, 0xff_ff_ff, 4.48);
        check(0x76_76_76, 0xff_ff_ff, 4.54);
        check(0xff_ff_ff, 0xff_ff_ff, 1.0);
    }

    #[test]
    fn light_colours_are_not_written_with() {
        let ink = Color::hex(0x1b_24_30);
        assert_eq!(readable(Color::hex(0x1f_4e_79), ink), Color::hex(0x1f_4e_79));
        assert_eq!(readable(Color::hex(0xff_d4_00), ink), ink);
    }

    #[test]
    fn turned_colours_keep_their_hue() {
        assert_eq!(turned(Color::hex(0x1f_4e_79)), Color::hex(0x86_b5_e0));
        assert_eq!(turned(Color::hex(0)), WHITE);
        assert_eq!(turned(turned(Color::hex(0x1a_7f_4b))), Color::hex(0x1a_7f_4b));
    }

    #[test]
    fn colours_move_no_further_than_needed() {
        let (light, dark) = (Color::hex(0xf6_f8_fa), Color::hex(0x22_30_3e));
        for color in [0x1f_4e_79, 0xff_d4_00, 0, 0xff_ff_ff, 0x80_80_80, 0xb3_26_1e].map(Color::hex) {
            let moved = moved(color, &[light, dark], VISIBLE);
            assert!(contrast(moved, light) >= VISIBLE && contrast(moved, dark) >= VISIBLE, "{color:?} {moved:?}");
        }
        let gray = Color::hex(0x80_80_80);
        assert_eq!(moved(gray, &[light, dark], VISIBLE), gray);
    }
}
