namespace DeviceId.Corpora;

/// <summary>One way to divide a corpus: no sentence stands on both sides.</summary>
/// <param name="Name">For tables and file names: "sentence-3".</param>
/// <param name="Train">What models learn from.</param>
/// <param name="Test">What they are judged on.</param>
public sealed record Split(string Name, TrainSet Train, TestSet Test);
