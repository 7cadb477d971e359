namespace DeviceId.Foundation;

/// <summary>Base of all settings: immutable records whose errors are reported all at once.</summary>
/// <remarks>Settings never hold the device or the thread count: hardware must not change an experiment.</remarks>
public abstract record Options
{
    /// <summary>Every reason why these settings cannot be used, one sentence each; empty when they can.</summary>
    public abstract IEnumerable<string> Problems();

    /// <summary>Throws when the settings cannot be used.</summary>
    /// <exception cref="OptionsException">Names every problem at once.</exception>
    public void Validate()
    {
        var problems = Problems().ToList();
        if (problems.Count > 0)
            throw new OptionsException(GetType().Name, problems);
    }
}
