namespace DeviceId.Evaluation;

/// <summary>A system's answer to one test item, a segment or a recording, and the truth.</summary>
/// <param name="Recording">Name of the recording.</param>
/// <param name="Segment">Index of the segment in the recording, from 0; -1 for the whole recording.</param>
/// <param name="Seed">Seed of the training of the system.</param>
/// <param name="Truth">Label of the true device.</param>
/// <param name="Given">Label of the predicted device.</param>
public readonly record struct Answer(string Recording, int Segment, long Seed, int Truth, int Given)
{
    /// <summary>Whether the predicted device is the true one.</summary>
    public bool IsRight => Truth == Given;

    /// <summary>The test item: answers of two systems are paired by it.</summary>
    public (string Recording, int Segment, long Seed) Item => (Recording, Segment, Seed);
}
