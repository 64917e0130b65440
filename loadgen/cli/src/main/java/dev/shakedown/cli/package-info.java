/** The commands: each parses, calls, and returns an exit code. */
@NullMarked
package dev.shakedown.cli;

import org.jspecify.annotations.NullMarked;
