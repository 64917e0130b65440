/** The commands: each parses options, calls other packages, and returns an exit code. */
@NullMarked
package dev.shakedown.cli;

import org.jspecify.annotations.NullMarked;
