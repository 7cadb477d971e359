namespace DeviceId.Classifiers;

/// <summary>How two-class machines make a machine of many classes.</summary>
internal enum SvmStrategy
{
    /// <summary>One for each pair of classes; they vote.</summary>
    OneAgainstOne,

    /// <summary>One for each class against all others; the greatest decision value wins.</summary>
    OneAgainstRest,
}
