package dev.shakedown.server;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Loads {@link Engine} before any test of this process. The JDK reads once, when its TLS classes are first used, which
 * suites are disabled; an engine allows some before. In a process of the tool's own nothing comes first, but among
 * tests it is whichever the fork happens to begin with.
 */
public final class EnginesFirst implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Engine.best();
    }
}
