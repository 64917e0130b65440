/**
 * Values as people write them: the one reader of each, for the command line and for plan files. All complain with
 * {@link java.lang.IllegalArgumentException} and a sentence that names what is wrong, what would be right, and, where
 * it can be told, what was meant.
 */
@NullMarked
package dev.shakedown.run.value;

import org.jspecify.annotations.NullMarked;
