// The unit in which evidence for an actor is shown to people.
#pragma once

namespace ascribe {

/// Decibans in a nat: 10 / ln 10. Ten decibans make something ten times as likely (I. J. Good, Probability and the
/// Weighing of Evidence, 1950).
inline constexpr double kDecibans = 4.342944819;

}  // namespace ascribe
