/**
 * Readers of values as people write them, for the command line and for plan files. All of them refuse bad input with
 * an {@link java.lang.IllegalArgumentException} that has a sentence for the user: what is wrong, what would be right
 * and, if it can be guessed, what was meant.
 */
@NullMarked
package dev.shakedown.run.value;

import org.jspecify.annotations.NullMarked;
