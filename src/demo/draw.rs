//! Random draws in the shapes the demo needs, each by its mean. Nothing about calls.

use rand::RngExt;
use rand_chacha::ChaCha12Rng;
use rand_distr::{Distribution, Exp1, Poisson, StandardNormal};

/// The generator behind every draw: its stream is part of what "same seed, same calls" means.
pub(super) type Dice = ChaCha12Rng;

/// True with this probability; values outside 0..=1 are clamped.
pub(super) fn chance(dice: &mut Dice, probability: f64) -> bool {
    dice.random_bool(probability.clamp(0.0, 1.0))
}

/// A log-normal draw with this mean and coefficient of variation: how long people talk.
pub(super) fn lognormal(dice: &mut Dice, mean: f64, variation: f64) -> f64 {
    let variance = (1.0 + variation * variation).ln();
    let normal: f64 = StandardNormal.sample(dice);
    mean * (normal * variance.sqrt() - variance / 2.0).exp()
}

/// An exponential draw with this mean: how long people are patient.
pub(super) fn exponential(dice: &mut Dice, mean: f64) -> f64 {
    let unit: f64 = Exp1.sample(dice);
    unit * mean
}

/// A normal draw.
pub(super) fn normal(dice: &mut Dice, mean: f64, deviation: f64) -> f64 {
    let unit: f64 = StandardNormal.sample(dice);
    mean + unit * deviation
}

/// How many events come when `mean` are expected.
pub(super) fn poisson(dice: &mut Dice, mean: f64) -> u32 {
    // A mean of zero (closed hours) is no distribution but a certainty.
    Poisson::new(mean).map_or(0, |distribution| distribution.sample(dice) as u32)
}

/// A draw in whole seconds, kept inside the bounds.
pub(super) fn seconds(value: f64, least: i64, most: i64) -> i64 {
    (value.round() as i64).clamp(least, most)
}
