/** Reports for people, made from the results in {@code dev.shakedown.results}. */
@NullMarked
package dev.shakedown.report;

import org.jspecify.annotations.NullMarked;
