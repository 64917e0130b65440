/** What stands behind options: which reader reads which type, the same in every command. */
@NullMarked
package dev.shakedown.cli.value;

import org.jspecify.annotations.NullMarked;
