package dev.shakedown.server;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Loads {@link Engine} before any test of this process. The JDK reads the list of disabled cipher suites once, when its
 * TLS classes are first used, and an engine enables some of them first. The tool's own process does so in time, but a
 * test process may begin with any test.
 */
public final class EnginesFirst implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Engine.best();
    }
}
