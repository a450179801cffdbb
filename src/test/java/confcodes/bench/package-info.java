/**
 * The benchmark of {@code src/lab/bench}: classes with a {@code main}, no tests. Uses the public classes of {@code ami}; all
 * else it sees as Asterisk, a peer or the shell sees it.
 */
package confcodes.bench;
