/** Reports for people, made from what {@code dev.shakedown.results} holds. */
@NullMarked
package dev.shakedown.report;

import org.jspecify.annotations.NullMarked;
