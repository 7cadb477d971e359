namespace DeviceId.Corpora;

/// <summary>One way to divide a corpus. A split that leaks cannot be made: the constructor is the one place that checks.</summary>
/// <remarks>No sentence and no file's contents stand on both sides, every device can be learnt, and there is something to judge.</remarks>
public sealed record Split
{
    /// <summary>Checks and keeps the two sides.</summary>
    /// <param name="name">For tables and file names: "sentence-003".</param>
    /// <param name="train">What models learn from.</param>
    /// <param name="test">What they are judged on.</param>
    /// <exception cref="CorpusException">
    /// A sentence or a file's contents on both sides, a device without training recordings, or nothing to test.
    /// </exception>
    public Split(string name, TrainSet train, TestSet test)
    {
        (Name, Train, Test) = (name, train, test);
        if (test.Recordings.Count == 0)
            throw new CorpusException($"Split '{name}' has no test recordings.");
        Refuse(train.Devices.Except(train.Recordings.Select(r => r.Device)), device => $"device '{device}' has no training recordings");
        Refuse(train.Recordings.Select(r => r.Sentence).Intersect(test.Recordings.Select(r => r.Sentence)),
            sentence => $"sentence '{sentence}' stands on both sides");
        var hashes = train.Recordings.Select(r => r.Hash).Intersect(test.Recordings.Select(r => r.Hash)).ToHashSet();
        Refuse(
            test.Recordings.Where(r => hashes.Contains(r.Hash)).Select(r => r.Path),
            path => $"the contents of '{path}' are also in a training recording");
    }

    /// <summary>For tables and file names: "sentence-003".</summary>
    public string Name { get; }

    /// <summary>What models learn from.</summary>
    public TrainSet Train { get; }

    /// <summary>What they are judged on.</summary>
    public TestSet Test { get; }

    private void Refuse(IEnumerable<string> offenders, Func<string, string> sentence)
    {
        var found = offenders.Distinct().ToList();
        if (found.Count > 0)
            throw new CorpusException($"Split '{Name}' cannot be used: {sentence(found[0])}{(found.Count > 1 ? $" (and {found.Count - 1} more)" : "")}.");
    }
}
