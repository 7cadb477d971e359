namespace DeviceId.Evaluation;

/// <summary>What a system said of one test item, and what was true.</summary>
/// <param name="Recording">The recording's name.</param>
/// <param name="Segment">Position of the segment in the recording, from 0; -1 for the recording as a whole.</param>
/// <param name="Seed">The seed of the training that answered.</param>
/// <param name="Truth">Position of the true device.</param>
/// <param name="Given">Position of the device that was named.</param>
public readonly record struct Answer(string Recording, int Segment, long Seed, int Truth, int Given)
{
    /// <summary>Whether the right device was named.</summary>
    public bool IsRight => Truth == Given;

    /// <summary>What makes two systems' answers answers to the same question.</summary>
    public (string Recording, int Segment, long Seed) Item => (Recording, Segment, Seed);
}
