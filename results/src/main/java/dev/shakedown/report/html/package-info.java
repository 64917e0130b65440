/** Reports as self-contained HTML pages: each is one file, charts included. */
@NullMarked
package dev.shakedown.report.html;

import org.jspecify.annotations.NullMarked;
