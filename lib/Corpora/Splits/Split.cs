using DeviceId.Foundation;

namespace DeviceId.Corpora;

/// <summary>Division of a corpus into training and test. The constructor rejects every split with leakage.</summary>
/// <remarks>
/// No sentence and no file content is in both training and test, every device has training recordings, and the test is not empty.
/// </remarks>
public sealed record Split
{
    /// <summary>Creates a split and checks it.</summary>
    /// <param name="name">Name for tables and file names: "sentence-003".</param>
    /// <param name="train">Training recordings.</param>
    /// <param name="test">Test recordings.</param>
    /// <exception cref="DeviceIdException">
    /// A sentence or a file content is on both sides, a device has no training recordings, or there are no test recordings.
    /// </exception>
    public Split(string name, TrainSet train, TestSet test)
    {
        (Name, Train, Test) = (name, train, test);
        if (test.Recordings.Count == 0)
            throw new CorpusException($"Split '{name}' has no test recordings.");
        RequireNone(train.Devices.Except(train.Recordings.Select(r => r.Device)),
            device => $"device '{device}' has no training recordings");
        RequireNone(train.Recordings.Select(r => r.Sentence).Intersect(test.Recordings.Select(r => r.Sentence)),
            sentence => $"sentence '{sentence}' is on both sides");
        var hashes = train.Recordings.Select(r => r.Hash).Intersect(test.Recordings.Select(r => r.Hash)).ToHashSet();
        RequireNone(test.Recordings.Where(r => hashes.Contains(r.Hash)).Select(r => r.Path),
            path => $"the contents of '{path}' are also in a training recording");
    }

    /// <summary>Name for tables and file names: "sentence-003".</summary>
    public string Name { get; }

    /// <summary>Training recordings.</summary>
    public TrainSet Train { get; }

    /// <summary>Test recordings.</summary>
    public TestSet Test { get; }

    private void RequireNone(IEnumerable<string> offenders, Func<string, string> describe)
    {
        var distinct = offenders.Distinct().ToList();
        if (distinct.Count == 0)
            return;
        var others = distinct.Count > 1 ? $" (and {distinct.Count - 1} more)" : "";
        throw new CorpusException($"Split '{Name}' cannot be used: {describe(distinct[0])}{others}.");
    }
}
