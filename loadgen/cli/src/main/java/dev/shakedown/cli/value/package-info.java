/** Readers of options' values by type, the same in every command. */
@NullMarked
package dev.shakedown.cli.value;

import org.jspecify.annotations.NullMarked;
