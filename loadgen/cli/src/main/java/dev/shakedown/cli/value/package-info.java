/** What stands behind options: which reader reads which type, the same in every command. */
package dev.shakedown.cli.value;
