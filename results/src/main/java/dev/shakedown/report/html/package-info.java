/** Reports as pages that need nothing from elsewhere: each is one file, charts included. */
@NullMarked
package dev.shakedown.report.html;

import org.jspecify.annotations.NullMarked;
