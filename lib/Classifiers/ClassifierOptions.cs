using DeviceId.Data;
using DeviceId.Foundation;

namespace DeviceId.Classifiers;

/// <summary>Settings of a device classifier; each kind of settings creates its own kind of classifier.</summary>
/// <remarks>
/// A new classifier is one file: a record derived from this one with an <see cref="OptionsKindAttribute"/>, and the class that it creates.
/// </remarks>
public abstract record ClassifierOptions : Options
{
    /// <summary>Creates the classifier, not yet trained.</summary>
    /// <param name="context">Front end, classes, seed and compute device.</param>
    /// <exception cref="DeviceIdException">The settings are invalid, or do not fit this front end.</exception>
    public IDeviceClassifier Create(ClassifierContext context)
    {
        var problems = Problems().Concat(ProblemsWith(context.FrontEnd.Options)).ToList();
        return problems.Count == 0 ? Make(context) : throw new OptionsException(GetType().Name, problems);
    }

    /// <summary>Every reason why the classifier cannot use samples of this front end, one sentence each; empty when it can.</summary>
    /// <param name="frontEnd">Settings of the front end.</param>
    public virtual IEnumerable<string> ProblemsWith(FrontEndOptions frontEnd) => [];

    /// <inheritdoc/>
    public override IEnumerable<string> Problems() => [];

    /// <summary>Creates the classifier, after the settings have been checked.</summary>
    /// <param name="context">Front end, classes, seed and compute device.</param>
    protected abstract IDeviceClassifier Make(ClassifierContext context);
}
