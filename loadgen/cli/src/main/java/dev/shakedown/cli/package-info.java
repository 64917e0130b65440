/** The commands: each parses, calls, and returns an exit code. */
package dev.shakedown.cli;
